using System.CommandLine;
using Planton.Cli.Completions;
using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Environments;
using Planton.Cli.Files;
using Planton.Cli.Invocation;

namespace Planton.Cli.Kubeconfigs;

/// <summary><c>planton kubeconfig</c>: lets any Kubernetes client use a connection.</summary>
internal sealed class KubeconfigCommand : EnvironmentVerb
{
    private readonly Argument<string> _connection = NameCompletion.Offer(new Argument<string>("CONNECTION") { Description = "The connection's name" }, NameKind.Connection);
    private readonly Option<string?> _file = new("--file") { Description = "Merge into this kubeconfig (made when missing) instead of printing one", HelpName = "FILE" };
    private readonly Option<bool> _setCurrent = new("--set-current") { Description = "Make it the current context even where the file has one already" };

    private readonly Option<TimeSpan?> _lockTimeout = DurationOption.Create("--lock-timeout", "How long to wait while another program changes the file (default: 10s)");

    public KubeconfigCommand(VerbServices services)
        : base("kubeconfig", "Make a kubeconfig with which kubectl, helm and others use a connection. It holds your API key", services)
    {
        Arguments.Add(_connection);
        Options.Add(_file);
        Options.Add(_setCurrent);
        Options.Add(_lockTimeout);
        Examples =
        [
            "planton kubeconfig prod --file ~/.kube/config --set-current",
            "planton kubeconfig prod --env staging --file staging.yaml",
            "planton kubeconfig prod > prod.yaml && KUBECONFIG=prod.yaml helm list",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        // Asks for the connection first: a kubeconfig for a name that does not exist helps nobody.
        var connection = await session.Api.GetConnectionAsync(session.Organization, context.Parsed.GetRequiredValue(_connection), cancellationToken).ConfigureAwait(false);
        var server = await session.Api.GetServerAsync(cancellationToken).ConfigureAwait(false);
        var entry = new KubeconfigEntry(session.Organization, connection.Name, EnvironmentOf(context, session), server, session.ApiKey);
        if (context.Parsed.GetValue(_file) is { } file)
            return await MergeAsync(context, file, entry, cancellationToken).ConfigureAwait(false) is { } error ? context.Fail(error) : ExitCode.Ok;
        var document = KubeconfigDocument.Empty();
        KubeconfigDocument.Merge(document, entry, setCurrent: true);
        await context.Console.Out.WriteAsync(YamlWriter.ToText(document, sortKeys: false)).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    // What is read is what is replaced: kubectl and other runs of this command wait for each other by the same lock.
    private async Task<CliError?> MergeAsync(CommandContext context, string file, KubeconfigEntry entry, CancellationToken cancellationToken)
    {
        var (held, error) = await FileLock.TakeAsync(
            file, context.Parsed.GetValue(_lockTimeout) ?? FileLock.DefaultTimeout, Environment.Time, cancellationToken).ConfigureAwait(false);
        using (held)
        {
            if (held is null)
                return error;
            if (Existing(file, out var document) is { } unfit)
                return unfit;
            KubeconfigDocument.Merge(document, entry, context.Parsed.GetValue(_setCurrent));
            // People keep their kubeconfig elsewhere and link to it.
            PrivateFile.Write(PrivateFile.TargetOf(file), YamlWriter.ToText(document, sortKeys: false));
        }

        context.Say($"Wrote context {entry.Name} to {file}.");
        return null;
    }

    private static CliError? Existing(string file, out DataMap document)
    {
        document = KubeconfigDocument.Empty();
        if (!File.Exists(file))
            return null;
        if (KubeconfigFile.TryRead(file, out var existing, out var fault))
        {
            document = existing;
            return null;
        }

        return CliError.Usage($"{file} is not a kubeconfig that can be merged into: {fault}", "Mend it, or give another --file.");
    }
}
