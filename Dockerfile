# Portico as an image: docker build -t portico .
#
# BASE may be any image with Python 3.11 or newer and the C library of GNU, for which there are wheels of all that is
# needed; where Git or the authorities of certificates are not in it, it must have apt-get.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
# pip's own settings, for those who build by a registry of their own, or without any.
ARG PIP_INDEX_URL
ARG PIP_FIND_LINKS
ARG PIP_NO_INDEX
# What there is beside hooks and the command line; a smaller image has less of it.
ARG EXTRAS=github,gitlab,kubernetes,redis,serve
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
# Nothing installs anything in the image that runs: pip stays behind.
RUN python3 -m venv /opt/portico \
 && /opt/portico/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
      ".[$EXTRAS]" \
 && rm -rf /opt/portico/lib/python3.*/site-packages/pip /opt/portico/lib/python3.*/site-packages/setuptools \
      /opt/portico/bin/pip* /opt/portico/lib/python3.*/site-packages/pip-* \
      /opt/portico/lib/python3.*/site-packages/setuptools-*

FROM ${BASE}
# Git speaks to repositories, ssh to those that are reached by it; ssh wants its user to have a name.
RUN { { command -v git >/dev/null && [ -s /etc/ssl/certs/ca-certificates.crt ]; } || { apt-get update \
      && apt-get install -y --no-install-recommends ca-certificates git openssh-client \
      && rm -rf /var/lib/apt/lists/*; }; } \
 && echo "portico:x:65532:65532::/var/lib/portico:/usr/sbin/nologin" >>/etc/passwd \
 && echo "portico:x:65532:" >>/etc/group \
 && mkdir -p /var/lib/portico \
 && chown 65532:65532 /var/lib/portico
COPY --from=build /opt/portico /opt/portico
# What is remembered lies in one folder, which may be the only one that can be written to beside /tmp.
ENV PATH=/opt/portico/bin:$PATH \
    HOME=/var/lib/portico \
    PORTICO_HOME=/var/lib/portico \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 65532:65532
WORKDIR /var/lib/portico
ENTRYPOINT ["portico"]
CMD ["--help"]
