using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Identity;

/// <summary>The published runner in a pod of a real cluster: it has no kubeconfig, and reaches the cluster as its pod's service account.</summary>
public sealed class InClusterIdentityTests : IAsyncLifetime
{
    private const string Name = "in-a-pod";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _namespace = $"planton-pod-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly TemporaryFolder _folder = new();

    private RunnerImage _image = null!;
    private ServerWithSettings _server = null!;
    private ClusterClient _direct = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Before anything is started: these skip.
        var kubeconfig = ClusterTools.Kubeconfig;
        var kubectl = ClusterTools.Program(ClusterTools.NewestKubectl);
        // Where pods reach this machine.
        var address = AddressTowards(kubeconfig);
        try
        {
            _image = await RunnerImage.ImportAsync(kubeconfig, _folder.FullName);
            _server = await ServerWithSettings.StartAsync(address, ["--insecure-http"]);
            _direct = new ClusterClient(kubectl, kubeconfig, _folder.FullName);
            await _direct.SucceedAsync("create", "namespace", _namespace);
        }
        catch
        {
            // The framework disposes only what was initialized.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_direct is not null)
            await _direct.RunAsync("delete", "namespace", _namespace, "--wait=false");
        if (_image is not null)
            await _image.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R5")]
    public async Task ThroughIt_IsSeenWhatItsServiceAccountMaySee_AndNothingElse()
    {
        var secret = await _server.SucceedAsync("runner", "generate-credentials", Name, "--output-format", "k8s-secret", "--namespace", _namespace);
        await _direct.ApplyAsync(secret);
        await _direct.ApplyAsync(Manifest());
        var ready = await _direct.RunAsync("-n", _namespace, "wait", "--for=condition=Ready", "pod/runner", "--timeout=60s");
        var log = await _direct.RunAsync("-n", _namespace, "logs", "runner");
        Assert.True(ready.ExitCode == 0, $"{ready}\n{log}\n{await _direct.RunAsync("-n", _namespace, "describe", "pod", "runner")}");
        Assert.Contains("Kubernetes through the pod's service account", log.Output, StringComparison.Ordinal);
        Assert.Contains("Ready after", log.Output, StringComparison.Ordinal);
        await _server.SucceedAsync("connection", "create", "kubernetes", "here", "--runner", Name);

        Assert.Equal("pod/runner\n", await _server.SucceedAsync("kubectl", "get", "pods", "-n", _namespace, "--connection", "here", "-o", "name"));
        Assert.Equal(
            await _direct.SucceedAsync("-n", _namespace, "get", "pod", "runner", "-o", "jsonpath={.metadata.uid}"),
            JsonNode.Parse(await _server.SucceedAsync("kubectl", "get", "pod", "runner", "-n", _namespace, "--connection", "here", "-o", "json"))!["metadata"]!["uid"]!.GetValue<string>());
        Assert.Contains("target", await _server.SucceedAsync("connection", "test", "here"), StringComparison.Ordinal);

        await IsForbiddenAsync(_namespace, "secrets");
        await IsForbiddenAsync("kube-system", "pods");
        await IsForbiddenAsync(null, "nodes");

        // Told to stop, it leaves in order.
        Assert.Equal(RunnerStatus.Connected, (await _server.Api.GetRunnerAsync("default", Name, Token)).Status);
        await _direct.SucceedAsync("-n", _namespace, "delete", "pod", "runner", "--wait=false");
        await Eventually.BecomesTrueAsync(
            async () => (await _server.Api.GetRunnerAsync("default", Name, Token)).Status == RunnerStatus.Disconnected, "the runner of the deleted pod is gone", Patience, Token);
    }

    private async Task IsForbiddenAsync(string? space, string resource)
    {
        ProgramResult refused = await _server.PlantonAsync(["kubectl", "get", resource, "--connection", "here", .. space is null ? (string[])[] : ["-n", space]]);
        var where = space is null ? "at the cluster scope" : $"in the namespace \"{space}\"";
        Assert.Equal((4, ""), (refused.ExitCode, refused.Output));
        Assert.Equal(
            $"Error from server (Forbidden): {resource} is forbidden: User \"system:serviceaccount:{_namespace}:planton-runner\" cannot list resource \"{resource}\" in API group \"\" {where}\n",
            refused.Error);
    }

    private static string AddressTowards(string kubeconfig)
    {
        var server = File.ReadLines(kubeconfig).Select(line => line.Split("https://")).First(parts => parts.Length > 1)[1].Split('"', ',', '}', ' ')[0];
        var cluster = new Uri($"https://{server}");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // Nothing is sent: the system only chooses from which address it would be.
        socket.Connect(cluster.Host, cluster.Port);
        return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
    }

    private string Manifest() => $$"""
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: planton-runner, namespace: {{_namespace}} }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: planton-runner, namespace: {{_namespace}} }
        rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list, watch] }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: planton-runner, namespace: {{_namespace}} }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: planton-runner }
        subjects: [{ kind: ServiceAccount, name: planton-runner, namespace: {{_namespace}} }]
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: runner, namespace: {{_namespace}} }
        spec:
          serviceAccountName: planton-runner
          terminationGracePeriodSeconds: 10
          securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 }
          containers:
          - name: runner
            image: {{_image.Name}}
            imagePullPolicy: Never
            args: ["--credentials-file", "/etc/planton/credentials.json", "--health", "0.0.0.0:8081"]
            readinessProbe: { httpGet: { path: /healthz/ready, port: 8081 }, timeoutSeconds: 4, periodSeconds: 1 }
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } }
            volumeMounts: [{ name: credentials, mountPath: /etc/planton, readOnly: true }]
          volumes:
          - name: credentials
            secret: { secretName: planton-runner-{{Name}} }
        """;
}
