using System.CommandLine;
using Planton.Api.Secrets;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;
using Planton.Cli.Values;

namespace Planton.Cli.Secrets;

/// <summary><c>planton secret set</c></summary>
internal sealed class SecretSetCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = SecretCommand.NameArgument();
    private readonly Option<string[]> _files = new("--from-file")
    {
        Description = "Take a value from a file; KEY=FILE for several keys. Without it the value is read from standard input",
        HelpName = "[KEY=]FILE",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _key = new("--key") { Description = $"The key of a single value (default: {PutSecretRequest.SingleKey})", HelpName = "KEY" };
    private readonly Option<string?> _value = new("--value") { Description = "The value itself: it lands in the shell's history, and others on this machine can see it", HelpName = "VALUE" };
    private readonly Option<string> _output = OutputOption.Create();

    public SecretSetCommand(VerbServices services)
        : base("set", "Write a new version of a secret, with these keys alone; the secret is made if there is none", services)
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_files, _key, _value, _output])
            Options.Add(option);
        Examples =
        [
            "planton secret set database --key password < password-file",
            "planton secret set tls --env staging --from-file cert=tls.crt --from-file key=tls.key",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var (values, error) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
        if (values is null)
            return context.Fail(error!);
        var environment = EnvironmentOf(context, session);
        var secret = await session.Api.PutSecretAsync(
            session.Organization, context.Parsed.GetRequiredValue(_name), new PutSecretRequest { Values = values }, environment, cancellationToken).ConfigureAwait(false);
        context.Say($"Wrote version {secret.Version} of secret {secret.Name} {Describe(session, environment)}, with {string.Join(", ", secret.Keys ?? [])}.");
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            secret,
            CliJson.Readable.Secret,
            output => SecretCommand.WriteTable(output, [secret], Environment.Time),
            $"secret/{secret.Name}");
    }

    private async Task<(Dictionary<string, string>? Values, CliError? Error)> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var files = context.Parsed.GetValue(_files) ?? [];
        var given = context.Parsed.GetValue(_value);
        var key = context.Parsed.GetValue(_key) ?? PutSecretRequest.SingleKey;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (given is not null && files.Length > 0)
            return (null, CliError.Usage("--value and --from-file exclude each other", "Give the value in one way."));
        if (given is not null)
        {
            context.Say("Warning: a value on the command line stays in the shell's history, and others on this machine can see it. Give it on standard input instead.");
            values.Add(key, given);
            return (values, null);
        }

        foreach (var entry in files)
        {
            var (fileKey, file) = entry.Split('=', 2) is [var named, var path] ? (named, path) : (key, entry);
            var (content, fault) = await ValueReader.FromFileAsync(file, PutSecretRequest.MaxBytes, cancellationToken).ConfigureAwait(false);
            if (content is null)
                return (null, fault);
            if (!values.TryAdd(fileKey, content))
                return (null, CliError.Usage($"key {fileKey} is given twice", "Name each file's key: --from-file KEY=FILE."));
        }

        if (files.Length > 0)
            return (values, null);
        var (typed, error) = await ValueReader.FromInputAsync(context, PutSecretRequest.MaxBytes, cancellationToken).ConfigureAwait(false);
        if (typed is null)
            return (null, error);
        if (typed.Length == 0)
            return (null, CliError.Usage("the value is empty", "Give it on standard input or with --from-file; an empty one with --value ''."));
        values.Add(key, typed);
        return (values, null);
    }
}
