using System.CommandLine;
using System.Text.Json;
using Planton.Api.Client;
using Planton.Cli.Hosting;

namespace Planton.Cli.Invocation;

/// <summary>One command that does something. The one place where what went wrong becomes words and an exit code.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, VerbServices services)
        : base(name, description)
    {
        Services = services;
        SetAction(InvokeAsync);
    }

    protected VerbServices Services { get; }

    protected CliEnvironment Environment => Services.Environment;

    /// <summary>Lines shown below the options in the help.</summary>
    public IReadOnlyList<string> Examples { get; protected init; } = [];

    protected abstract Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = new CommandContext(parsed, Environment, Services.Global);
        try
        {
            return await RunAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException failure)
        {
            return context.Fail(CliError.From(failure.Problem, context.ApiKeySource));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (OperationCanceledException)
        {
            return context.Fail(new CliError("the server did not answer in time", "Check the network and the server, and try again."));
        }
        catch (HttpRequestException failure)
        {
            return context.Fail(TransportFailure.ToError(failure, Services.LastServer ?? new Uri("http://unknown")));
        }
        catch (JsonException)
        {
            return context.Fail(new CliError(
                $"{Services.LastServer} did not answer as a Planton control plane does",
                "Check the server's address (--server, PLANTON_SERVER), and that its version goes with this program's: planton version."));
        }
        catch (InvalidDataException failure)
        {
            return context.Fail(new CliError(
                $"{Services.LastServer} sent an answer that cannot be unpacked: {failure.Message}",
                "Check any proxy in between, and try again."));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return context.Fail(new CliError(failure.Message));
        }
    }
}
