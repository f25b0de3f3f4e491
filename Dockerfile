# Two images from one build: `targets` runs any target, `loadtest` any simulation (deploy/README.md).
FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /build
ENV MAVEN_OPTS=-Duser.home=/maven
COPY pom.xml ./
COPY .mvn .mvn
COPY src src
# The cache keeps the artifacts between builds; nothing of it is in an image.
RUN --mount=type=cache,target=/maven/.m2 \
    mvn --batch-mode --no-transfer-progress -DskipTests -Dspotless.apply.skip package \
    dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=target/lib

FROM eclipse-temurin:17.0.15_6-jre-noble AS jre
RUN useradd --system --uid 10001 --create-home gauntlet \
    && install -d -o gauntlet -g gauntlet /gauntlet /keys
COPY deploy/image/ /usr/local/bin/

FROM jre AS loadtest
COPY --from=build /build/target/lib /opt/gauntlet/lib
COPY --from=build /build/target/classes /opt/gauntlet/classes
COPY --from=build /build/target/test-classes /opt/gauntlet/test-classes
USER 10001
WORKDIR /gauntlet
ENTRYPOINT ["load"]

FROM jre AS targets
COPY --from=build /build/target/gauntlet.jar /opt/gauntlet/gauntlet.jar
USER 10001
WORKDIR /gauntlet
HEALTHCHECK --interval=5s --timeout=2s --start-period=30s CMD ["healthy"]
# Half of the container's memory is heap; Netty's buffers take as much again at most.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=45", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", \
    "-jar", "/opt/gauntlet/gauntlet.jar"]
CMD ["--help"]
