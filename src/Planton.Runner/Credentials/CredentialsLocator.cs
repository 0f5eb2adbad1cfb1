using Planton.Runner.Files;
using Planton.Runner.Startup;

namespace Planton.Runner.Credentials;

/// <summary>
/// Finds the credentials: <c>--credentials-file</c>, <c>PLANTON_RUNNER_CREDENTIALS_FILE</c>, <c>PLANTON_RUNNER_CREDENTIALS</c>
/// (the JSON itself), then the local store. The first that is given is used even when it turns out to be bad: falling through
/// to another identity would surprise.
/// </summary>
internal sealed class CredentialsLocator(Func<string, string?> environment)
{
    public const string FileVariable = "PLANTON_RUNNER_CREDENTIALS_FILE";
    public const string JsonVariable = "PLANTON_RUNNER_CREDENTIALS";

    private const string Flag = "--credentials-file";
    private const string Store = "the local store";
    private const int MaxBytes = 1024 * 1024;
    private readonly List<CredentialsSource> _sources = [];

    /// <summary>Every place, in the order in which they count, and what became of it.</summary>
    public IReadOnlyList<CredentialsSource> Sources => _sources;

    public Attempt<CredentialsText> Find(CredentialsRequest request)
    {
        var (file, fileVariable, json) = (request.File, environment(FileVariable), environment(JsonVariable));
        var won = Note(Flag, file, "given", "not given", won: false);
        won = Note(FileVariable, fileVariable, "set", "not set", won);
        won = Note(JsonVariable, json, "set", "not set", won);
        _sources.Add(new CredentialsSource(Store, won ? "not looked into" : "looked into"));
        if (!string.IsNullOrEmpty(file))
            return Read(file, Flag);
        if (!string.IsNullOrEmpty(fileVariable))
            return Read(fileVariable, FileVariable);
        if (!string.IsNullOrEmpty(json))
            return new CredentialsText($"the environment variable {JsonVariable}", json);
        var stored = new LocalStore(LocalStore.Root(environment)).Find(request);
        return stored.Failure is { } failure ? failure : Read(stored.Value!, Store);
    }

    private bool Note(string source, string? value, string there, string absent, bool won)
    {
        var given = !string.IsNullOrEmpty(value);
        _sources.Add(new CredentialsSource(source, !given ? absent : won ? $"{there}, not used" : $"{there}, used"));
        return won || given;
    }

    private static Attempt<CredentialsText> Read(string path, string origin)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (CredentialsFilePermissions.Check(full) is { } exposed)
                return Fault($"{full} ({origin}) {exposed}");
            return MountedFile.Read(full, MaxBytes) is { } json
                ? new CredentialsText($"{full} ({origin})", json)
                : Fault($"{full} ({origin}) is larger than {MaxBytes} bytes, which no credentials file is");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fault($"{path} ({origin}) does not exist");
        }
        catch (UnauthorizedAccessException)
        {
            return Fault($"{path} ({origin}) cannot be read by this user ({Environment.UserName})");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return Fault($"{path} ({origin}) cannot be read: {e.Message}");
        }
    }

    private static StartFailure Fault(string why) => StartFailure.Configuration(StartStep.Credentials, why);
}
