-- The health of an EcomStore in Argo CD. Lua 5.1 with the base and table libraries only, as Argo CD offers it.
-- Degraded:    somebody has to do something (Stalled), also while the store is being deleted.
-- Progressing: the operator is at work, or has not seen this generation yet.
-- Suspended:   the store's policy keeps the operator from making AWS match: as with a paused rollout, waiting will not help.
-- Healthy:     AWS was read and matches this generation.
local function condition(kind)
  local status = obj.status or {}
  for _, found in ipairs(status.conditions or {}) do
    if found.type == kind then return found end
  end
  return {}
end

local function health(status, found, otherwise)
  local message = found.message
  if message == nil or message == "" then message = otherwise end
  return { status = status, message = message }
end

local generation = obj.metadata.generation
local ready, stalled, reconciling = condition("Ready"), condition("Stalled"), condition("Reconciling")
local mode = ((obj.spec or {}).policy or {}).mode

-- A stall that was seen before the last change of the spec may be over.
local isStalled = stalled.status == "True" and (stalled.observedGeneration or generation) == generation

if obj.metadata.deletionTimestamp ~= nil then
  if isStalled then return health("Degraded", stalled, "The store cannot be deleted") end
  return health("Progressing", ready, "The store is being deleted")
end
-- A paused store is not looked at, so its status may speak of an older generation for as long as it is paused.
if mode == "Paused" then return health("Suspended", {}, "The store is paused: policy.mode is Paused") end
if obj.status == nil or obj.status.observedGeneration ~= generation then
  return health("Progressing", {}, "The operator has not seen this generation yet")
end
if isStalled then return health("Degraded", stalled, "The store is stalled") end
if reconciling.status == "True" then return health("Progressing", reconciling, "The operator is at work") end
if ready.status == "True" then return health("Healthy", ready, "The store is ready") end
if mode == "Observe" then return health("Suspended", ready, "AWS differs, and policy.mode is Observe") end
return health("Progressing", ready, "The store is not ready yet")
