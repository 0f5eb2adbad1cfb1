namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>What the tests put into a namespace of their own: one of each kind that prints differently, and content that printers trip over.</summary>
internal static class ClusterObjects
{
    public const string CustomResourceDefinition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: gadgets.e2e.planton.dev
        spec:
          group: e2e.planton.dev
          scope: Namespaced
          names: { kind: Gadget, plural: gadgets, singular: gadget, shortNames: [gd], categories: [all] }
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: { type: object, x-kubernetes-preserve-unknown-fields: true }
            additionalPrinterColumns:
            - { name: Colour, type: string, jsonPath: .spec.colour }
            - { name: Size, type: integer, jsonPath: .spec.size }
            - { name: Ratio, type: number, jsonPath: .spec.ratio }
            - { name: Ready, type: boolean, jsonPath: .spec.ready }
            - { name: Since, type: date, jsonPath: .spec.since }
            - { name: Notes, type: string, jsonPath: .spec.notes, priority: 1 }
            - { name: Age, type: date, jsonPath: .metadata.creationTimestamp }
        """;

    public const string CustomResources = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: e2e.planton.dev/v1
          kind: Gadget
          metadata: { name: big, labels: { size: big } }
          spec: { colour: "dark  red", size: 9007199254740993, ratio: 1.5, ready: true, since: "2020-01-02T03:04:05Z", notes: "two\nlines" }
        - apiVersion: e2e.planton.dev/v1
          kind: Gadget
          metadata: { name: small }
          spec: { colour: "grün ☂ 色", size: 0, ratio: 0.000001, ready: false, notes: "tab\there" }
        - apiVersion: e2e.planton.dev/v1
          kind: Gadget
          metadata: { name: bare }
          spec: {}
        """;

    public const string Workloads = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps/v1
          kind: Deployment
          metadata: { name: web, labels: { app: web } }
          spec:
            replicas: 2
            selector: { matchLabels: { app: web } }
            template:
              metadata: { labels: { app: web, tier: front } }
              spec:
                terminationGracePeriodSeconds: 0
                containers: [{ name: web, image: "web:1", ports: [{ containerPort: 80 }] }]
        - apiVersion: v1
          kind: Service
          metadata: { name: web, labels: { app: web } }
          spec: { selector: { app: web }, ports: [{ name: http, port: 80, protocol: TCP }] }
        - apiVersion: v1
          kind: Pod
          metadata: { name: worker, labels: { app: worker, tier: back }, annotations: { note: "a: b # c" } }
          spec:
            terminationGracePeriodSeconds: 0
            containers:
            - name: worker
              image: busybox:1.35
              resources: { requests: { cpu: 100m, memory: 16Mi } }
              command: [sh, -c, "i=0; while true; do echo tick $i; i=$((i+1)); sleep 1; done"]
        - apiVersion: v1
          kind: Pod
          metadata: { name: site, labels: { app: site } }
          spec:
            terminationGracePeriodSeconds: 0
            containers: [{ name: site, image: "web:1", ports: [{ containerPort: 80 }] }]
        - apiVersion: batch/v1
          kind: Job
          metadata: { name: once }
          spec:
            template:
              spec:
                restartPolicy: Never
                containers: [{ name: once, image: "busybox:1.35", command: [echo, done] }]
        - apiVersion: apps/v1
          kind: StatefulSet
          metadata: { name: none }
          spec:
            replicas: 0
            serviceName: none
            selector: { matchLabels: { app: none } }
            template:
              metadata: { labels: { app: none } }
              spec: { containers: [{ name: none, image: "busybox:1.35" }] }
        - apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata: { name: web }
          spec: { rules: [{ host: web.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
        - apiVersion: autoscaling/v1
          kind: HorizontalPodAutoscaler
          metadata: { name: none }
          spec: { maxReplicas: 1, scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: none } }
        - apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: { name: reader }
          rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list] }]
        """;

    public const string Configuration = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: ConfigMap
          metadata: { name: odd, labels: { content: odd } }
          data:
            empty: ""
            blank: " "
            newline: "\n"
            newlines: "\n\n a\n\n"
            trailing: "line \nend  "
            tab: "\tindented\twith\ttabs\n"
            crlf: "dos\r\nlines\r\n"
            unicode: "naïve 日本語 🙂 \u00a0 \u2028 \ufeff end"
            control: "bell \u0007 and escape \u001b[31m"
            quotes: "it's \"quoted\" \\ back"
            yes: "yes"
            no.dot: "no"
            null-like: "~"
            number: "1e3"
            hex: "0x10"
            octal: "010"
            float: ".5"
            infinity: ".inf"
            date: "2001-01-01"
            time: "12:30:45"
            dash: "- item"
            hash: "# not a comment"
            hash-inside: "a #b"
            colon: ": value"
            colon-end: "key:"
            question: "? q"
            bang: "!tag"
            amp: "&anchor"
            star: "*alias"
            percent: "%directive"
            at: "@at"
            tick: "`tick`"
            pipe: "|"
            greater: ">"
            braces: "{a: b}"
            brackets: "[1, 2]"
            comma: ", a"
            equals: "="
            merge: "<<"
            separator: "---\nkind: Other\n"
            script: "#!/bin/sh\nset -e\nif [ \"$1\" = x ]; then\n  echo \"<html>&amp;</html>\"\nfi\n"
            long: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccccccccc"
          binaryData: { blob: "AAECAwT/" }
        - apiVersion: v1
          kind: ConfigMap
          metadata: { name: void }
        - apiVersion: v1
          kind: ConfigMap
          metadata: { name: fixed }
          immutable: true
          data: { a: "1", b: "2" }
        - apiVersion: v1
          kind: Secret
          metadata: { name: opaque }
          stringData: { word: "not very secret" }
        - apiVersion: v1
          kind: ServiceAccount
          metadata: { name: helper }
        """;
}
