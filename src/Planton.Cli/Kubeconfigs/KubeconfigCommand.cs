using System.CommandLine;
using Planton.Cli.Completions;
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

    public KubeconfigCommand(VerbServices services)
        : base("kubeconfig", "Make a kubeconfig with which kubectl, helm and others use a connection. It holds your API key", services)
    {
        Arguments.Add(_connection);
        Options.Add(_file);
        Options.Add(_setCurrent);
        Examples =
        [
            "planton kubeconfig prod --file ~/.kube/config --set-current",
            "planton kubeconfig prod --env staging --file staging.yaml",
            "planton kubeconfig prod > prod.yaml && KUBECONFIG=prod.yaml helm list",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var file = context.Parsed.GetValue(_file);
        var document = KubeconfigDocument.Empty();
        if (file is not null && File.Exists(file) && !KubeconfigFile.TryRead(file, out document, out var fault))
            return context.Fail(CliError.Usage($"{file} is not a kubeconfig that can be merged into: {fault}", "Mend it, or give another --file."));

        // Asks for the connection first: a kubeconfig for a name that does not exist helps nobody.
        var connection = await session.Api.GetConnectionAsync(session.Organization, context.Parsed.GetRequiredValue(_connection), cancellationToken).ConfigureAwait(false);
        var server = await session.Api.GetServerAsync(cancellationToken).ConfigureAwait(false);
        var entry = new KubeconfigEntry(session.Organization, connection.Name, EnvironmentOf(context, session), server, session.ApiKey);
        KubeconfigDocument.Merge(document, entry, context.Parsed.GetValue(_setCurrent));
        var yaml = YamlWriter.ToText(document, sortKeys: false);
        if (file is null)
        {
            await context.Console.Out.WriteAsync(yaml).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        PrivateFile.Write(file, yaml);
        context.Say($"Wrote context {entry.Name} to {file}.");
        return ExitCode.Ok;
    }
}
