using System.CommandLine;
using Planton.Api;
using Planton.Api.Client;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Versions;

/// <summary><c>planton version</c></summary>
internal sealed class VersionCommand : Verb
{
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(5);

    private readonly Option<string> _output = OutputOption.Create();
    private readonly Option<bool> _client = new("--client") { Description = "Do not ask the server" };

    public VersionCommand(VerbServices services)
        : base("version", "Show the versions of this program and of the control plane", services)
    {
        Options.Add(_output);
        Options.Add(_client);
        Examples = ["planton version", "planton version -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (view, error) = await AskAsync(context, cancellationToken).ConfigureAwait(false);
        ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            view,
            VersionJson.Default.VersionView,
            output =>
            {
                output.WriteLine($"Client: {view.Client}");
                if (view.Server is not null)
                    output.WriteLine($"Server: {SafeText.OneLine(view.Server)} ({view.ServerUrl})");
            },
            view.Client);
        return error is null ? ExitCode.Ok : context.Fail(error);
    }

    private async Task<(VersionView View, CliError? Error)> AskAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var view = new VersionView(ClientVersion.Text, null, null);
        if (context.Parsed.GetValue(_client))
            return (view, null);
        if (!context.TryLoadSettings(out var settings, out var error))
            return (view, error);
        if (settings.Server is null || settings.ApiKey is null || !settings.ApiKey.All(c => c is > ' ' and <= '~'))
            return (view, null);
        if (!ServerConnection.TryCreate(settings.Server, settings.CaCertificates, settings.ApiKey, out var http, out error))
            return (view, error);
        using (http)
        using (var deadline = new CancellationTokenSource(ServerTimeout, Environment.Time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken))
        {
            view = view with { ServerUrl = http.BaseAddress!.AbsoluteUri.TrimEnd('/') };
            try
            {
                var server = await new PlantonApiClient(http).GetServerAsync(either.Token).ConfigureAwait(false);
                return (view with { Server = server.Version }, null);
            }
            catch (ApiException failure)
            {
                return (view, CliError.From(failure.Problem));
            }
            catch (HttpRequestException failure)
            {
                return (view, TransportFailure.ToError(failure, http.BaseAddress));
            }
        }
    }
}
