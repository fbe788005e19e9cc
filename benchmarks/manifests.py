"""Packages to render, of any size: Deployments, Services and ConfigMaps of 15 to 40 lines, one a file."""

from pathlib import Path

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{n}
  labels:
    app: web-{n}
    app.kubernetes.io/part-of: shop
  annotations:
    example.com/owner: team-{team}
spec:
  replicas: 3 # kpt-set: ${{replicas}}
  selector:
    matchLabels:
      app: web-{n}
  template:
    metadata:
      labels:
        app: web-{n}
    spec:
      serviceAccountName: web
      # The sidecar comes from the mesh.
      containers:
      - name: web
        image: registry.example.com/shop/web-{n}:1.2.{n} # kpt-set: registry.example.com/shop/web-{n}:${{tag}}
        args: ["--port=8080", "--verbose"]
        ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        env:
        - name: DATABASE_HOST
          value: db.old.example.com
        - name: LOG_LEVEL
          value: "info"
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web-{n}
  labels:
    app: web-{n}
spec:
  type: ClusterIP
  selector:
    app: web-{n}
  ports:
  - name: http
    port: 80
    targetPort: 8080
    protocol: TCP
  sessionAffinity: None
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{n}
  annotations:
    example.com/owner: team-{team}
data:
  database.host: db.old.example.com
  database.port: "5432"
  feature.checkout: "true"
  greeting: Good morning, and welcome to shop number {n}
  url: https://shop-{n}.example.com/api?version=2
  application.properties: |
    cache.size={n}
    cache.ttl=300s
    # Retries are counted per request.
    retries=3
"""
KINDS = (DEPLOYMENT, SERVICE, CONFIG_MAP)
KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\n"
PIPELINE = """\
pipeline:
  mutators:
  - image: set-namespace:v0.4.1
    configMap:
      namespace: production
  - image: set-labels:v0.2.0
    configMap:
      tier: web
      env: production
  - image: apply-setters:v0.2.0
    configMap:
      replicas: "5"
      tag: "2.0.0"
  - image: set-annotations:v0.1.4
    configMap:
      example.com/reviewed: "yes"
  - image: search-replace:v0.2.0
    configMap:
      by-value: db.old.example.com
      put-value: db.example.com
"""


def write_package(folder: Path, resources: int, *, subpackages: int = 0) -> None:
    """Write a package with a pipeline of five functions; each subpackage, if any, holds `resources`."""
    folder.mkdir(parents=True)
    (folder / "Kptfile").write_text(KPTFILE.format(name=folder.name) + PIPELINE)
    if not subpackages:
        _write_resources(folder, 0, resources)
    for number in range(subpackages):
        inner = folder / f"part-{number:02}"
        inner.mkdir()
        (inner / "Kptfile").write_text(KPTFILE.format(name=inner.name) + PIPELINE)
        _write_resources(inner, number * resources, resources)


def _write_resources(folder: Path, first: int, count: int) -> None:
    for n in range(first, first + count):
        text = KINDS[n % len(KINDS)].format(n=n, team=n % 20)
        (folder / f"resource-{n:05}.yaml").write_text(text)
