using System.CommandLine;
using Planton.Api.Secrets;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;
using Planton.Cli.Values;

namespace Planton.Cli.Secrets;

/// <summary><c>planton secret get</c></summary>
internal sealed class SecretGetCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = SecretCommand.NameArgument();
    private readonly Option<bool> _reveal = new("--reveal") { Description = "Read the values; each such read is in the audit trail" };
    private readonly Option<int?> _version = new("--version") { Description = "With --reveal: this version instead of the newest", HelpName = "N" };
    private readonly Option<string?> _key = new("--key") { Description = "With --reveal: this key's value alone, exactly as it is", HelpName = "KEY" };
    private readonly Option<string> _output = OutputOption.Create();

    public SecretGetCommand(VerbServices services)
        : base("get", "Show a secret's versions and keys, or with --reveal its values", services)
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_reveal, _version, _key, _output])
            Options.Add(option);
        Validators.Add(result =>
        {
            if (!result.GetValue(_reveal) && (result.GetValue(_version) is not null || result.GetValue(_key) is not null))
                result.AddError("--version and --key belong to --reveal.");
        });
        Examples = ["planton secret get database", "planton secret get database --reveal --key password | pbcopy", "planton secret get database --reveal --version 3 -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var format = OutputOption.Parse(context.Parsed.GetValue(_output));
        var environment = EnvironmentOf(context, session);
        if (context.Parsed.GetValue(_reveal))
        {
            var revealed = await session.Api.RevealSecretAsync(session.Organization, name, context.Parsed.GetValue(_version), environment, cancellationToken).ConfigureAwait(false);
            return Print(context, format, revealed);
        }

        var secret = await session.Api.GetSecretAsync(session.Organization, name, environment, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context, format, secret, CliJson.Readable.Secret, output => SecretCommand.WriteOne(output, secret, Environment.Time), $"secret/{secret.Name}");
    }

    private int Print(CommandContext context, OutputFormat format, SecretValues revealed)
    {
        if (context.Parsed.GetValue(_key) is { } key)
            return revealed.Values.TryGetValue(key, out var value)
                ? ValuePrinter.Print(context, value)
                : context.Fail(new CliError(
                    $"version {revealed.Version} of secret {revealed.Name} has no key {key}", $"It has: {string.Join(", ", revealed.Values.Keys)}", ExitCode.NotFound));
        if (format == OutputFormat.Table && revealed.Values.Count == 1 && revealed.Values.TryGetValue(PutSecretRequest.SingleKey, out var single))
            return ValuePrinter.Print(context, single);
        return ResultPrinter.Print(
            context,
            format,
            revealed,
            CliJson.Readable.SecretValues,
            output =>
            {
                var table = new TextTable("KEY", "VALUE");
                foreach (var (name, value) in revealed.Values)
                    table.Add(name, value);
                table.Write(output);
            },
            $"secret/{revealed.Name}");
    }
}
