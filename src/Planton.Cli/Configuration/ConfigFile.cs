using System.Diagnostics.CodeAnalysis;
using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Files;
using Planton.Cli.Invocation;

namespace Planton.Cli.Configuration;

/// <summary>Reads and writes <c>config.yaml</c>. It holds keys, so it is refused when others can read it.</summary>
internal static class ConfigFile
{
    private const int MaxBytes = 1024 * 1024;

    public static bool TryLoad(PlantonHome home, [NotNullWhen(true)] out CliConfig? config, [NotNullWhen(false)] out CliError? error)
    {
        config = null;
        error = null;
        var file = new FileInfo(home.ConfigFile);
        if (!file.Exists)
        {
            config = CliConfig.Empty();
            return true;
        }

        if (PrivateFile.IsReadableByOthers(file.FullName))
            error = CliError.Usage($"{file.FullName} holds API keys and can be read by others", $"Mend it: chmod 600 '{file.FullName}'. If others use this machine, log in again with a new key.");
        else if (file.Length > MaxBytes)
            error = CliError.Usage($"{file.FullName} is larger than {MaxBytes} bytes", "It is no configuration of this program: move it away and log in again.");
        else if (YamlDataReader.Read(File.ReadAllText(file.FullName), out var fault) is not DataMap document)
            error = CliError.Usage($"{file.FullName} cannot be read: {fault ?? "it is not a mapping"}", "Mend the file, or move it away and log in again.");
        else if (document["apiVersion"]?.Text is { } version && version != CliConfig.ApiVersion)
            error = CliError.Usage($"{file.FullName} is of version {version}, and this program reads {CliConfig.ApiVersion}", "Use the version of planton that wrote it.");
        else
            config = new CliConfig(document);
        return config is not null;
    }

    /// <summary>Reads, changes and writes it while no other command does.</summary>
    /// <param name="context">The command.</param>
    /// <param name="change">Returns whether there is anything to write.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Why it was not changed; else null.</returns>
    public static async Task<CliError?> ChangeAsync(CommandContext context, Func<CliConfig, bool> change, CancellationToken cancellationToken)
    {
        var home = context.Home;
        var (held, error) = await FileLock.TakeAsync(home.ConfigFile, FileLock.DefaultTimeout, context.Environment.Time, cancellationToken).ConfigureAwait(false);
        using (held)
        {
            if (held is null || !TryLoad(home, out var config, out error))
                return error;
            if (change(config))
                PrivateFile.Write(home.ConfigFile, YamlWriter.ToText(config.Document, sortKeys: false));
            return null;
        }
    }
}
