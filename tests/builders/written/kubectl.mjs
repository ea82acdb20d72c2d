// kubectl get pod: what a cluster says that it runs.
import { facts, json } from "./facts.mjs";

const SOURCE = "containerd internal/cri/server/container_status.go and kubernetes api core/v1 ContainerStatus";
const IMAGE = "registry.example/lighthouse/buildx-attested";
const RUN_BY = "containerd://5c1f0e4bb5a1f7bb6c70e0e5a8a3a8e0c2b6a9b4a9d1f3c5e7092b4d6f8a0c2e";

export function kubectlOutput() {
  const { root, config } = facts("buildx-attested");
  const index = `${IMAGE}@${root}`;
  return [
    { tool: "kubectl get pod -o json", name: "index", source: SOURCE, digest: root, note: "imageID is the index's digest, as of most images with several platforms", text: json(pod(index), 4) },
    { tool: "kubectl get pod -o json", name: "config", source: SOURCE, digest: config, note: "an image loaded without a registry: imageID is the config's digest", text: json(pod(config), 4) },
    {
      tool: "kubectl get pod -o json", name: "docker-pullable", source: "kubernetes pkg/kubelet/dockershim (before 1.24)", digest: root,
      text: json(pod(`docker-pullable://${index}`), 4),
    },
    {
      tool: "kubectl get pods -o json", folder: "kubectl-get-pod-o-json", name: "list", source: SOURCE, digest: root,
      text: json({ apiVersion: "v1", items: [pod(index), pod(index)], kind: "List", metadata: { resourceVersion: "" } }, 4),
    },
    { tool: "kubectl get pod -o yaml", name: "index", source: SOURCE, digest: root, text: yaml(index) },
    {
      tool: "kubectl get pod -o jsonpath", name: "image-id", source: SOURCE, digest: root,
      note: "kubectl get pod beacon -o jsonpath='{.status.containerStatuses[*].imageID}' prints no newline", text: index,
    },
  ];
}

function pod(imageID) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "beacon", namespace: "harbour" },
    spec: { containers: [{ image: `${IMAGE}:1.0`, imagePullPolicy: "IfNotPresent", name: "beacon" }], nodeName: "pier-1" },
    status: {
      containerStatuses: [
        {
          containerID: RUN_BY,
          image: `${IMAGE}:1.0`,
          imageID,
          lastState: {},
          name: "beacon",
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: "2026-03-09T16:10:27Z" } },
        },
      ],
      phase: "Running",
    },
  };
}

const yaml = (imageID) => `apiVersion: v1
kind: Pod
metadata:
  name: beacon
  namespace: harbour
spec:
  containers:
  - image: ${IMAGE}:1.0
    imagePullPolicy: IfNotPresent
    name: beacon
  nodeName: pier-1
status:
  containerStatuses:
  - containerID: ${RUN_BY}
    image: ${IMAGE}:1.0
    imageID: ${imageID}
    lastState: {}
    name: beacon
    ready: true
    restartCount: 0
    started: true
    state:
      running:
        startedAt: "2026-03-09T16:10:27Z"
  phase: Running
`;
