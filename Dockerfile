# syntax=docker/dockerfile:1
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
# No install scripts: nothing we build with needs one.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Which commit this is: the repository's own folder is not here to be asked.
ARG REVISION=
RUN REVISION=$REVISION npm run build

FROM node:24-slim
ARG REVISION=
LABEL org.opencontainers.image.title="ecomstore-operator" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /src/dist/operator.mjs /src/LICENSE ./
# Numbers, so that Kubernetes can tell that it is not root. Nothing is written: the root file system may be read-only.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["node", "/app/operator.mjs"]
