using System.CommandLine;
using System.Net;

namespace SampleCluster.Hosting;

/// <summary>The command line.</summary>
internal static class SampleClusterCommand
{
    private const int MaxTokenBytes = 4096;

    public static RootCommand Make()
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Address and port to serve HTTPS on; port 0 picks a free one.",
            DefaultValueFactory = _ => "127.0.0.1:0",
        };
        listen.Validators.Add(result =>
        {
            if (!IPEndPoint.TryParse(result.GetValueOrDefault<string>() ?? "", out _))
                result.AddError("--listen: is not ADDRESS:PORT, for example 127.0.0.1:0");
        });
        var tokenFile = new Option<string?>("--token-file") { Description = "A file with the bearer token to take; without it one is made." };
        var kubeconfig = new Option<string?>("--kubeconfig-out") { Description = "Where to write a kubeconfig for this cluster (0600)." };
        var command = new RootCommand(
            "A small in-memory imitation of a Kubernetes API, to try clients on. It is a sample, not Kubernetes: "
            + "it runs no container and keeps nothing.") { listen, tokenFile, kubeconfig };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            IPEndPoint.Parse(parsed.GetValue(listen)!), parsed.GetValue(tokenFile), parsed.GetValue(kubeconfig), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IPEndPoint listen, string? tokenFile, string? kubeconfig, CancellationToken cancellationToken)
    {
        string? token = null;
        if (tokenFile is not null && (token = await ReadTokenAsync(tokenFile, cancellationToken)) is null)
        {
            await Console.Error.WriteLineAsync($"sample-cluster: --token-file {tokenFile}: there is no token of 16 to {MaxTokenBytes} bytes in it");
            return 2;
        }

        try
        {
            await using var server = await SampleClusterServer.StartAsync(new SampleClusterOptions { Listen = listen, Token = token }, cancellationToken);
            if (kubeconfig is not null)
                await Kubeconfig.WriteAsync(kubeconfig, server.KubeconfigText, cancellationToken);
            await Console.Out.WriteLineAsync($"sample-cluster ready: {server.Url}{(kubeconfig is null ? "" : $" kubeconfig: {kubeconfig}")}");
            await server.RunUntilStoppedAsync(cancellationToken);
            return 0;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"sample-cluster: did not start: {exception.Message}");
            return 1;
        }
    }

    private static async Task<string?> ReadTokenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > MaxTokenBytes)
            return null;
        var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        return token.Length >= 16 && token.All(char.IsAscii) && !token.Any(char.IsWhiteSpace) ? token : null;
    }
}
