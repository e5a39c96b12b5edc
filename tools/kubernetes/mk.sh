set -e
V=v1.35.4; S=v0.35.4
D=$(GOFLAGS=-mod=mod go mod download -json k8s.io/kubernetes@$V | python3 -c 'import json,sys;print(json.load(sys.stdin)["GoMod"])')
{ echo "module ecom.io/operator/tools/kubernetes"; echo; echo "go 1.25.0"; echo
  echo "tool ("; echo "	go.etcd.io/etcd/server/v3"; echo "	k8s.io/kubernetes/cmd/kube-apiserver"; echo "	k8s.io/kubernetes/cmd/kube-controller-manager"; echo ")"; echo
  echo "require ("; echo "	k8s.io/kubernetes $V"; echo "	go.etcd.io/etcd/server/v3 v3.6.5"
  grep -oE '^\s+k8s.io/[a-z0-9-]+ => ./staging' $D | awk '{print $1}' | while read m; do echo "	$m $S"; done
  echo ")"; } > go.mod
go mod tidy
