using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Clusters;

/// <summary>A Kubernetes client program (kubectl, helm) with one kubeconfig.</summary>
internal sealed class ClusterClient(string program, string kubeconfig, string home)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Program => program;

    // Beside KUBECONFIG, so that helm is given the same.
    public Dictionary<string, string?> Environment
    {
        get
        {
            var variables = CleanEnvironment.Variables(home);
            variables["KUBECONFIG"] = kubeconfig;
            return variables;
        }
    }

    public Task<ProgramResult> RunAsync(params string[] arguments) => RunAsync(input: null, arguments);

    public Task<ProgramResult> RunAsync(string? input, string[] arguments, TimeSpan? timeout = null) =>
        ProgramProcess.RunAsync(program, arguments, Environment, input, timeout, Token);

    /// <summary>Runs it, fails the test when it does not succeed, and returns what it printed.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    public async Task<string> ApplyAsync(string manifest)
    {
        var result = await RunAsync(manifest, ["apply", "-f", "-"]);
        Assert.True(result.ExitCode == 0, $"{Path.GetFileName(program)} apply: {result}");
        return result.Output;
    }

    public ProgramProcess Start(params string[] arguments) => ProgramProcess.Start(program, arguments, Environment);
}
