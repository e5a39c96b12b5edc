import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';

/** The part of Argo CD's settings that makes it understand the health of a store: a strategic merge patch of argocd-cm. */
export function argocdSettings(root: string): string {
  const lua = readFileSync(join(root, 'manifests/argocd/health.lua'), 'utf8');
  const patch = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'argocd-cm',
      namespace: 'argocd',
      labels: { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
    },
    data: { 'resource.customizations.health.ecom.io_EcomStore': lua },
  };
  const use = 'kubectl patch configmap argocd-cm --namespace argocd --patch-file manifests/argocd/argocd-cm.yaml';
  return `# Generated from health.lua by \`npm run generate\`. Use it with:\n# ${use}\n${dump(patch, { lineWidth: -1 })}`;
}
