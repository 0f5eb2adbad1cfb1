using System.Text;
using System.Text.Json;
using Planton.Cli.Tests.Support;
using Planton.Testing;
using Planton.Testing.Processes;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>
/// Comparisons with the real kubectl 1.35 that need no cluster: both programs ask the same server, whose answers are as odd as
/// a test can make them.
/// </summary>
public sealed class KubectlReferenceTests : IDisposable
{
    private const string ReferenceKubectl = "kubectl-1.35";
    private const int Seed = 20260304;
    private readonly CliHarness _cli = new();
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("yaml")]
    [InlineData("json")]
    public async Task WhenValuesAreOdd_TheyAreWrittenAsKubectlWritesThem(string format)
    {
        var random = new Random(Seed);
        // Digits stand at the end alone: where a letter follows them the order of kubectl's YAML library is circular
        // (10 < 1a < 2a < 10), and kubectl itself answers differently each time.
        var data = Enumerable.Range(0, 600).ToDictionary(
            number => RandomText(random, "abzXY.-_", 1, 12) + number,
            number => RandomText(random, number % 3 == 0 ? "0123456789.:-_+eExobTZ~" : "ab \n\t:#-?!&*|>'\"%@`{}[],\\<=yYnN0.é日🚀\u00a0", 0, number % 10 == 0 ? 200 : 16));
        await using var server = await StartAsync();
        server.OnJson("GET", $"{KubernetesAnswers.Root}/api/v1/namespaces/default/configmaps/odd", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new Dictionary<string, object> { ["name"] = "odd", ["namespace"] = "default" },
            ["data"] = data,
        }));

        await CompareAsync(server, "cm", "odd", "-o", format);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("wide")]
    [InlineData("labels")]
    [InlineData("no-headers")]
    public async Task WhenCellsAreOdd_TheTableIsKubectls(string how)
    {
        string[] options = how switch
        {
            "wide" => ["-o", "wide"],
            "labels" => ["--show-labels", "-L", "app", "-L", "example.com/tier"],
            "no-headers" => ["--no-headers"],
            _ => [],
        };
        var random = new Random(Seed);
        await using var server = await StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, Table(random, rows: 60));

        await CompareAsync(server, ["pods", .. options]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"cells":[]},{"cells":["a"]},{"cells":["a","b","c","d","e","f"]}]""")]
    [InlineData("""[{"cells":[null,true,1.5,1e21]},{"cells":[{"a":1},["x",null],12345678901234567890,-0.0]}]""")]
    [InlineData("""[{"cells":["","","",""]},{"cells":["a","","",""]}]""")]
    public async Task WhenRowsAreUneven_TheTableIsKubectls(string rows)
    {
        await using var server = await StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, """{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[{"name":"Name","type":"string","format":"name","description":"","priority":0},{"name":"B","type":"string","format":"","description":"","priority":0},{"name":"C","type":"number","format":"","description":"","priority":0},{"name":"D","type":"string","format":"","description":"","priority":0}],"rows":ROWS}""".Replace("ROWS", rows, StringComparison.Ordinal));

        await CompareAsync(server, "pods");
    }

    [Theory]
    [InlineData(404, "NotFound", "pods \"x\" not found")]
    [InlineData(403, "Forbidden", "pods is forbidden: User \"u\" cannot list resource \"pods\"")]
    [InlineData(409, "Conflict", "the object has been modified")]
    [InlineData(500, "InternalError", "Internal error occurred: etcd")]
    [InlineData(410, "Expired", "too old resource version")]
    public async Task WhenTheClusterRefuses_TheWordsAreKubectls(int status, string reason, string message)
    {
        await using var server = await StartAsync();
        server.OnJson("GET", $"{KubernetesAnswers.Pods}/x", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":MESSAGE,"reason":"REASON","details":{"name":"x","kind":"pods"},"code":CODE}"""
            .Replace("MESSAGE", JsonSerializer.Serialize(message), StringComparison.Ordinal)
            .Replace("REASON", reason, StringComparison.Ordinal)
            .Replace("CODE", $"{status}", StringComparison.Ordinal), status);

        await CompareAsync(server, "pods", "x");
    }

    [Fact]
    public async Task WhenAKubeconfigIsMade_KubectlUsesItAtOnce()
    {
        var kubectl = Kubectl();
        await using var server = await StartAsync();
        server.On("GET", "/api/v1/organizations/acme/connections/prod", Samples.Connection("prod"));
        server.On("GET", "/api/v1/server", Samples.Server() with { KubernetesUrl = server.Url });
        server.OnJson("GET", KubernetesAnswers.Pods, KubernetesAnswers.Table("web"));
        var file = _folder.File("new/config");

        var made = await _cli.RunAsync("kubeconfig", "prod", "--file", file);
        Assert.Equal(0, made.ExitCode);
        var current = await RunKubectlAsync(kubectl, "--kubeconfig", file, "config", "current-context");
        var pods = await RunKubectlAsync(kubectl, "--kubeconfig", file, "get", "pods");

        Assert.Equal("planton-acme-prod\n", current.Output);
        Assert.Equal(("NAME\nweb\n", ""), (pods.Output, pods.Error));
    }

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    private static string Kubectl()
    {
        var file = Path.Combine(RequiredTool.FromEnvironment("KUBEBUILDER_ASSETS", $"a folder with {ReferenceKubectl}"), ReferenceKubectl);
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{file} does not exist (CI installs every tool)");
        if (!File.Exists(file))
            Assert.Skip($"{file} does not exist");
        return file;
    }

    private static string RandomText(Random random, string alphabet, int least, int most)
    {
        var runes = alphabet.EnumerateRunes().ToArray();
        var text = new StringBuilder();
        for (var length = random.Next(least, most + 1); length > 0; length--)
            text.Append(runes[random.Next(runes.Length)]);
        return text.ToString();
    }

    private static string Table(Random random, int rows)
    {
        const string Alphabet = "abc 日é🚀\u001b\r\n\t\f<&";
        var cells = Enumerable.Range(0, rows).Select(row => $$"""
            {"cells":[{{Quote($"name-{row}")}},{{Quote(RandomText(random, Alphabet, 0, 14))}},{{random.Next(100_000)}},{{Quote(RandomText(random, Alphabet, 0, 30))}},"wide"],
             "object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"name-{{row}}","namespace":"default","labels":{"app":{{Quote(RandomText(random, "abc.-", 0, 9))}},"example.com/tier":"t{{row % 3}}"} } } }
            """);
        return """{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"1"},"columnDefinitions":[{"name":"Name","type":"string","format":"name","description":"","priority":0},{"name":"Odd","type":"string","format":"","description":"","priority":0},{"name":"Number","type":"integer","format":"","description":"","priority":0},{"name":"More odd","type":"string","format":"","description":"","priority":0},{"name":"Wide","type":"string","format":"","description":"","priority":1}],"rows":[ROWS]}"""
            .Replace("ROWS", string.Join(',', cells), StringComparison.Ordinal);
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static Task<ProgramResult> RunKubectlAsync(string kubectl, params IReadOnlyList<string> arguments) =>
        ProgramProcess.RunAsync(kubectl, arguments, new Dictionary<string, string?> { ["KUBECONFIG"] = "/nowhere" }, cancellationToken: TestContext.Current.CancellationToken);

    private async Task CompareAsync(FakeControlPlane server, params IReadOnlyList<string> arguments)
    {
        var kubectl = Kubectl();
        var expected = await RunKubectlAsync(kubectl, ["--server", server.Url + KubernetesAnswers.Root, "--cache-dir", _folder.File("cache/x"), "get", .. arguments]);
        var actual = await _cli.RunAsync(["kubectl", "get", .. arguments, "--connection", "prod"]);

        Assert.Equal(expected.Output, actual.Out);
        Assert.Equal(expected.Error, actual.Error);
        Assert.Equal(expected.ExitCode == 0, actual.ExitCode == 0);
    }

    /// <summary>kubectl wants the discovery, even for what is built in.</summary>
    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        return server
            .OnJson("GET", $"{KubernetesAnswers.Root}/api", """{"kind":"APIVersions","versions":["v1"]}""")
            .OnJson("GET", $"{KubernetesAnswers.Root}/apis", """{"kind":"APIGroupList","apiVersion":"v1","groups":[]}""")
            .OnJson("GET", $"{KubernetesAnswers.Root}/api/v1", """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list","watch"],"shortNames":["po"]},{"name":"configmaps","singularName":"configmap","namespaced":true,"kind":"ConfigMap","verbs":["get","list","watch"],"shortNames":["cm"]}]}""");
    }
}
