using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Cli.Files;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Credentials;

/// <summary>Where new credentials go: standard output, a directory, the local store, or a manifest.</summary>
internal sealed class CredentialsOutput
{
    private const string FileName = "credentials.json";

    private readonly Option<string?> _directory = new("--output-dir") { Description = "Write DIR/credentials.json (0600) instead of standard output", HelpName = "DIR" };
    private readonly Option<string> _format = new Option<string>("--output-format")
    {
        Description = "json, or k8s-secret: a manifest for kubectl apply -f -",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "json",
    }.AcceptOnlyFromAmong("json", "k8s-secret");

    private readonly Option<bool> _save = new("--save") { Description = "Keep them under ~/.planton, where planton runner start NAME finds them" };
    private readonly Option<string?> _secretName = new("--secret-name") { Description = "The Secret's name (default: planton-runner-NAME)", HelpName = "NAME" };
    private readonly Option<string?> _namespace = new("--namespace") { Description = "The Secret's namespace", HelpName = "NAMESPACE" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_directory, _format, _save, _secretName, _namespace])
            command.Options.Add(option);
        command.Validators.Add(Validate);
    }

    /// <summary>Makes the directories before anything is asked for: credentials that cannot be written are lost.</summary>
    /// <returns>Why nothing may be asked for; else null.</returns>
    public CliError? Prepare(CommandContext context, string? owner, string runner)
    {
        // The name becomes a folder of the local store.
        if (!Slug.IsValid(runner))
            return CliError.Usage($"'{runner}' is not a runner's name", $"A name is {Slug.Rule}.");
        foreach (var file in Files(context, owner, runner))
            PrivateFile.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return null;
    }

    public async Task WriteAsync(CommandContext context, string? owner, string runner, RunnerCredentials credentials)
    {
        var json = JsonSerializer.Serialize(credentials, CliJson.Readable.RunnerCredentials) + "\n";
        var files = Files(context, owner, runner).ToArray();
        foreach (var file in files)
        {
            PrivateFile.Write(file, json);
            context.Say($"wrote {file}");
        }

        if (files.Length > 0)
            return;
        await context.Console.Out.WriteAsync(context.Parsed.GetValue(_format) == "k8s-secret"
            ? CredentialsSecret.ToManifest(runner, owner, json, context.Parsed.GetValue(_secretName), context.Parsed.GetValue(_namespace))
            : json).ConfigureAwait(false);
    }

    private IEnumerable<string> Files(CommandContext context, string? owner, string runner)
    {
        if (context.Parsed.GetValue(_directory) is { } directory)
            yield return Path.Combine(directory, FileName);
        if (context.Parsed.GetValue(_save))
            yield return context.Home.RunnerCredentials(owner, runner);
    }

    private void Validate(CommandResult result)
    {
        var secret = result.GetValue(_format) == "k8s-secret";
        if (secret && (result.GetValue(_directory) is not null || result.GetValue(_save)))
            result.AddError("--output-format k8s-secret is printed: it cannot go with --output-dir or --save.");
        if (!secret && (result.GetValue(_secretName) ?? result.GetValue(_namespace)) is not null)
            result.AddError("--secret-name and --namespace belong to --output-format k8s-secret.");
    }
}
