# The server: engine, intake, API and page.
#   docker build -f deploy/images/server.Dockerfile -t podwitness-server .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
# Scripts of packages are run by none of ours: natives come built.
RUN npm ci --ignore-scripts && npm run build && node scripts/assemble-root.mjs /out --role server

FROM node:24-bookworm-slim
COPY --from=build /out/app /app
# Nobody in particular: it reads what is sent to it and writes its volume.
RUN ln -s /app/packages/cli/bin/podwitness.mjs /usr/bin/podwitness \
  && useradd --uid 10001 --user-group --no-create-home podwitness \
  && install -d -o podwitness -g podwitness /data
USER 10001:10001
VOLUME /data
ENV NODE_ENV=production
ENTRYPOINT ["podwitness"]
CMD ["--data", "/data", "serve"]
