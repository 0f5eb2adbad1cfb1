using System.CommandLine;
using Planton.Api.RunnerGrants;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.RunnerGrants;

/// <summary><c>planton runner grant</c></summary>
internal sealed class RunnerGrantCommand : ApiVerb
{
    private const string Inline = "inline";

    private readonly Argument<string> _name = PlatformRunnerArgument();
    private readonly Option<string> _organization = NameCompletion.Offer(
        new Option<string>("--to-org") { Description = "The organization that may use it", HelpName = "ORG", Required = true }, NameKind.Organization);

    private readonly Option<string> _mode = new Option<string>("--mode")
    {
        Description = "runner: connections that use the runner's own credentials; inline: connections that bring their own",
        HelpName = "MODE",
        DefaultValueFactory = _ => "runner",
    }.AcceptOnlyFromAmong("runner", Inline);

    private readonly Option<string[]> _contexts = new("--kube-context")
    {
        Description = "For --mode runner: a context of the runner's kubeconfig that connections may name; may be repeated (default: none, only connections that name no context)",
        HelpName = "CONTEXT",
    };

    private readonly Option<string[]> _ranges = new("--allow-cidr")
    {
        Description = "For --mode inline: an address range that connections may lead to; may be repeated, and at least one is needed",
        HelpName = "CIDR",
    };

    private readonly Option<string> _output = OutputOption.Create();

    public RunnerGrantCommand(VerbServices services)
        : base("grant", "Let an organization use a runner of the platform (platform operators only)", services)
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_organization, _mode, _contexts, _ranges, _output])
            Options.Add(option);
        Validators.Add(result =>
        {
            var inline = result.GetValue(_mode) == Inline;
            if (inline && result.GetValue(_ranges) is not { Length: > 0 })
                result.AddError("--mode inline needs --allow-cidr CIDR: without a range no address is allowed.");
            if (!inline && result.GetValue(_ranges) is { Length: > 0 })
                result.AddError("--allow-cidr goes with --mode inline.");
            if (inline && result.GetValue(_contexts) is { Length: > 0 })
                result.AddError("--kube-context goes with --mode runner.");
        });
        Examples =
        [
            "planton runner grant shared --to-org acme",
            "planton runner grant shared --to-org acme --kube-context staging --kube-context test",
            "planton runner grant shared --to-org acme --mode inline --allow-cidr 10.20.0.0/16",
        ];
    }

    /// <summary>The name of a runner of the platform.</summary>
    public static Argument<string> PlatformRunnerArgument() => NameCompletion.Offer(
        new Argument<string>("NAME") { Description = "The platform runner's name" }, NameKind.PlatformRunner);

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var request = new CreateRunnerGrantRequest
        {
            Organization = context.Parsed.GetRequiredValue(_organization),
            Mode = context.Parsed.GetValue(_mode),
            KubeContexts = context.Parsed.GetValue(_contexts) is { Length: > 0 } contexts ? contexts : null,
            AllowCidrs = context.Parsed.GetValue(_ranges) is { Length: > 0 } ranges ? ranges : null,
        };
        var grant = await session.Api.GrantRunnerAsync(name, request, cancellationToken).ConfigureAwait(false);
        context.Say($"Granted runner {grant.Runner} of the platform to organization {grant.Organization}. What there is: planton runner grants {grant.Runner}");
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            grant,
            CliJson.Readable.RunnerGrant,
            output => RunnerGrantTable.Write(output, [grant], Environment.Time),
            RunnerGrantTable.NameOf(grant));
    }
}
