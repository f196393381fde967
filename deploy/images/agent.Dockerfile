# The node agent: node management, reading, shipping. No engine in it.
#   docker build -f deploy/images/agent.Dockerfile -t podwitness-agent .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
# Scripts of packages are run by none of ours: natives come built.
RUN npm ci --ignore-scripts && npx tsc -b && node scripts/assemble-root.mjs /out --role agent

FROM node:24-bookworm-slim
# auditctl asks the kernel for its counters from inside the container. The package's service is never started here.
RUN apt-get update \
  && apt-get install -y --no-install-recommends auditd \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/app /app
RUN ln -s /app/packages/cli/bin/podwitness.mjs /usr/bin/podwitness
ENV NODE_ENV=production
# The C library gives large buffers back when they are free, and keeps one heap: 10 MB less under load (bench/results/agent.md).
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072
# Root: the node's logs are root's. The manifests take every capability away that is not named there.
ENTRYPOINT ["podwitness"]
CMD ["agent", "--help"]
