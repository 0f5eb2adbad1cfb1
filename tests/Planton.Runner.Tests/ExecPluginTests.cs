using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Planton.Runner.Logging;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Authentication;
using Planton.Runner.Providers.Kubernetes.Configuration;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class ExecPluginTests : IDisposable
{
    private const string Good = """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"plugin-token"}}'""";
    private readonly TemporaryFolder _folder = new();
    private readonly SecretMasker _masker = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ItsArgumentsAndEnvironmentArriveAsTheyAre_WithoutAShell()
    {
        var result = await RunAsync($"""printf '%s|' "$@" > "$OUT"; printf '%s' "$ODD" >> "$OUT"; {Good}""",
            arguments: ["two words", "$HOME", "a'b\"c", "", "--x=*"], environment: ("ODD", "v=$(id) \\ ü"));

        Assert.Null(result.Fault);
        Assert.Equal("two words|$HOME|a'b\"c||--x=*|v=$(id) \\ ü", await File.ReadAllTextAsync(_folder.File("out"), Cancel));
    }

    [Fact]
    public async Task ItHasNoTerminalAndNothingToRead()
    {
        var result = await RunAsync($"""cat > "$OUT"; test -t 0 && echo terminal >> "$OUT"; {Good}""");
        Assert.Equal("plugin-token", result.Value!.Token);
        Assert.Equal("", await File.ReadAllTextAsync(_folder.File("out"), Cancel));
    }

    [Fact]
    public async Task OneThatReadsNothingAndEndsAtOnceIsFine() => Assert.NotNull((await RunAsync(Good)).Value);

    [Fact]
    public async Task MuchOnStandardErrorDoesNotBlockIt_AndOnlyItsEndIsTold()
    {
        var result = await RunAsync("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo the-end >&2; exit 9");
        Assert.Contains("ended with exit code 9", result.Fault!.What, StringComparison.Ordinal);
        Assert.EndsWith("the-end", result.Fault.What, StringComparison.Ordinal);
        Assert.InRange(result.Fault.What.Length, 1, 3000);
    }

    [Fact]
    public async Task EndlessOutputEndsIt()
    {
        var result = await RunAsync("echo $$ > \"$OUT\"; exec yes");
        Assert.Contains("printed more than 1048576 bytes", result.Fault!.What, StringComparison.Ordinal);
        await GoneAsync();
    }

    [Fact]
    public async Task OutputOfExactlyTheLimitIsRead()
    {
        using var stream = new MemoryStream(new byte[1000]);
        Assert.Equal(1000, (await BoundedOutput.ReadAllAsync(stream, 1000, Cancel))!.Length);
        stream.Position = 0;
        Assert.Null(await BoundedOutput.ReadAllAsync(stream, 999, Cancel));
        stream.Position = 0;
        Assert.Equal(10, (await BoundedOutput.ReadTailAsync(stream, 10, Cancel)).Length);
    }

    [Fact]
    public async Task OneThatLeavesADaemonBehindIsNotWaitedForLongerThanItself()
    {
        var began = TimeProvider.System.GetTimestamp();
        // The child keeps standard error open, as agents that a login tool starts do.
        var result = await RunAsync($"sleep 25 >/dev/null & echo $! > \"$OUT\"; {Good}", timeout: TimeSpan.FromSeconds(20));
        var took = TimeProvider.System.GetElapsedTime(began);
        using (var daemon = Process.GetProcessById(await PidAsync()))
            daemon.Kill();

        Assert.Equal("plugin-token", result.Value!.Token);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task WhenTheLastOneWhoWaitsGoesAwayItIsEnded()
    {
        using var gone = new CancellationTokenSource();
        var running = RunAsync("echo $$ > \"$OUT\"; exec sleep 300", cancellationToken: gone.Token);
        await Eventually.BecomesTrueAsync(() => new FileInfo(_folder.File("out")) is { Exists: true, Length: > 0 }, "the plugin starts", cancellationToken: Cancel);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await GoneAsync();
    }

    [Fact]
    public async Task ATimeOutEndsItsChildrenToo()
    {
        var result = await RunAsync("sleep 301 & echo $! > \"$OUT\"; wait", timeout: TimeSpan.FromSeconds(1));
        Assert.Contains("did not end within 1 s", result.Fault!.What, StringComparison.Ordinal);
        await GoneAsync();
    }

    [Fact]
    public async Task ItIsToldAboutTheClusterOnlyWhenItAsks()
    {
        foreach (var asks in new[] { true, false })
        {
            await RunAsync($"printf '%s' \"$KUBERNETES_EXEC_INFO\" > \"$OUT\"; {Good}", provideClusterInfo: asks);
            using var told = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("out"), Cancel));
            Assert.Equal("ExecCredential", told.RootElement.GetProperty("kind").GetString());
            var spec = told.RootElement.GetProperty("spec");
            Assert.False(spec.GetProperty("interactive").GetBoolean());
            Assert.Equal(asks, spec.TryGetProperty("cluster", out var cluster));
            if (!asks)
                continue;
            Assert.Equal("https://cluster.test:6443/base", cluster.GetProperty("server").GetString());
            Assert.Equal("sni.test", cluster.GetProperty("tls-server-name").GetString());
            Assert.Equal("PEM", Encoding.UTF8.GetString(cluster.GetProperty("certificate-authority-data").GetBytesFromBase64()));
            Assert.Equal("http://proxy:1", cluster.GetProperty("proxy-url").GetString());
            Assert.Equal(7, cluster.GetProperty("config").GetProperty("a").GetInt32());
        }
    }

    [Fact]
    public async Task WhatItPrintedIsMaskedEverywhereFromThenOn()
    {
        await RunAsync(Good);
        Assert.Equal("it is ***", _masker.Apply("it is plugin-token"));
    }

    [Fact]
    public async Task WhatItSaidIsOneLineWithoutSecretsOfItsEnvironment()
    {
        var result = await RunAsync("printf 'no\\n\\tway with %s\\n' \"$PASS\" >&2; exit 1", environment: ("PASS", "hunter2-hunter2"));
        Assert.EndsWith("it said: no way with ***", result.Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNotExecutableIsAFaultWithAnAdvice()
    {
        var path = _folder.Write("plain.txt", "not a program");
        var definition = Definition(path, [], [], false);
        var result = await new ExecPlugin(definition, new KubernetesOptions(), _masker, TimeProvider.System).RunAsync(Cancel);
        Assert.Contains("cannot be started", result.Fault!.What, StringComparison.Ordinal);
        Assert.NotEqual("", result.Fault.Advice);
    }

    private async Task<int> PidAsync() => int.Parse((await File.ReadAllTextAsync(_folder.File("out"), Cancel)).Trim(), null);

    private async Task GoneAsync()
    {
        var pid = await PidAsync();
        await Eventually.BecomesTrueAsync(() => !IsRunning(pid), $"the process {pid} ends", cancellationToken: Cancel);
    }

    // A killed orphan may stay as a zombie where nobody reaps it.
    private static bool IsRunning(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Task<TargetAttempt<ExecCredential>> RunAsync(
        string script, string[]? arguments = null, (string Name, string Value)? environment = null, TimeSpan? timeout = null,
        bool provideClusterInfo = false, CancellationToken? cancellationToken = null)
    {
        var path = _folder.Write("plugin.sh", "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var variables = new List<KeyValuePair<string, string>> { new("OUT", _folder.File("out")) };
        if (environment is var (name, value))
            variables.Add(new(name, value));
        var options = new KubernetesOptions { PluginTimeout = timeout ?? TimeSpan.FromSeconds(30) };
        var definition = Definition(path, arguments ?? [], [.. variables], provideClusterInfo);
        return new ExecPlugin(definition, options, _masker, TimeProvider.System).RunAsync(cancellationToken ?? Cancel);
    }

    private static TargetDefinition Definition(
        string command, string[] arguments, KeyValuePair<string, string>[] environment, bool provideClusterInfo) => new()
        {
            Name = "context 'test'",
            Server = new Uri("https://cluster.test:6443/base"),
            TlsServerName = "sni.test",
            AuthorityPem = "PEM",
            ProxyUrl = "http://proxy:1",
            ExecExtension = """{"a":7}""",
            Exec = new ExecSpec
            {
                ApiVersion = "client.authentication.k8s.io/v1",
                Command = command,
                Arguments = [.. arguments],
                Environment = [.. environment],
                ProvideClusterInfo = provideClusterInfo,
            },
        };
}
