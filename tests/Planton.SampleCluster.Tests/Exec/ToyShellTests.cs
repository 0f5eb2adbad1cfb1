using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using SampleCluster.Exec.Shell;

namespace Planton.SampleCluster.Tests.Exec;

public sealed class ToyShellTests
{
    [Theory]
    [InlineData("echo a  b", "a b\n", 0)]
    [InlineData("echo 'a  b' \"c $SAMPLE_CLUSTER\" '$HOME'", "a  b c not-kubernetes $HOME\n", 0)]
    [InlineData("echo -n x; echo y", "xy\n", 0)]
    [InlineData("false && echo no; echo $?", "1\n", 0)]
    [InlineData("false || echo yes", "yes\n", 0)]
    [InlineData("true || echo no", "", 0)]
    [InlineData("false && echo no || echo yes", "yes\n", 0)]
    [InlineData("echo a; exit 3; echo b", "a\n", 3)]
    [InlineData("exit", "", 0)]
    [InlineData("echo abc | cat | wc -c", "4\n", 0)]
    [InlineData("head -c 5 /dev/zero | wc -c", "5\n", 0)]
    [InlineData("cat /etc/hostname", "web-1\n", 0)]
    [InlineData("hostname", "web-1\n", 0)]
    [InlineData("ls /app", "README\nconfig.yaml\n", 0)]
    [InlineData("ls", "app\netc\n", 0)]
    [InlineData("cat /app/config.yaml | wc -l", "2\n", 0)]
    [InlineData("whoami; pwd; uname; id", "root\n/\nLinux sample-cluster\nuid=0(root) gid=0(root)\n", 0)]
    [InlineData("printenv COLOUR", "blue\n", 0)]
    [InlineData("printenv NOPE", "", 1)]
    [InlineData("sh -c 'echo in; exit 5'", "in\n", 5)]
    [InlineData("echo lost >/dev/null", "", 0)]
    [InlineData("cat /nope 2>/dev/null || echo gone", "gone\n", 0)]
    [InlineData("echo a\\ b ${COLOUR}s", "a b blues\n", 0)]
    [InlineData("echo one\necho two", "one\ntwo\n", 0)]
    public async Task ScriptsPrintAndExit(string script, string output, int code) =>
        Assert.Equal((code, output, ""), await RunAsync(script));

    [Theory]
    [InlineData("nonsense", "sh: nonsense: not found\n", 127)]
    [InlineData("echo 'open", "sh: syntax error: unterminated quoted string\n", 2)]
    [InlineData("echo a | | cat", "sh: syntax error: unexpected \"|\"\n", 2)]
    [InlineData("cat /etc/shadow", "cat: can't open '/etc/shadow': No such file or directory\n", 1)]
    [InlineData("ls /proc", "ls: /proc: No such file or directory\n", 1)]
    [InlineData("sleep soon", "sleep: invalid time interval\n", 1)]
    [InlineData("head x", "head: only 'head -c N [FILE]' is there\n", 1)]
    [InlineData("echo oops >&2", "oops\n", 0)]
    public async Task WhatFailsSaysWhy(string script, string error, int code) =>
        Assert.Equal((code, "", error), await RunAsync(script));

    [Fact]
    public async Task NothingOfTheHostIsSeen()
    {
        Environment.SetEnvironmentVariable("PLANTON_TEST_HOST_VARIABLE", "visible");
        var (_, output, _) = await RunAsync("env; ls /; cat /etc/hostname");
        Assert.DoesNotContain("PLANTON_TEST_HOST_VARIABLE", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, output.Replace("web-1", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInteractiveShellReadsLinesAndLeavesTheRestToItsCommands()
    {
        var (code, output, _) = await RunAsync(["sh"], "echo a\ncat\nrest\n");
        Assert.Equal((0, "a\nrest\n"), (code, output));
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(string script) => RunAsync(["sh", "-c", script], "");

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] command, string input)
    {
        var pod = JsonNode.Parse("""
            {"metadata":{"name":"web-1","namespace":"default"},"spec":{"containers":[{"name":"web","env":[{"name":"COLOUR","value":"blue"}]}]}}
            """)!.AsObject();
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var shell = new ToyShell(new VirtualContainer(pod, TimeProvider.System), tty: false);
        var typed = new Pipe();
        await typed.Writer.WriteAsync(Encoding.UTF8.GetBytes(input), TestContext.Current.CancellationToken);
        await typed.Writer.CompleteAsync();
        var streams = new ShellStreams(typed.Reader, output, error);
        var code = await shell.RunCommandAsync(command, streams, TestContext.Current.CancellationToken);
        return (code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
