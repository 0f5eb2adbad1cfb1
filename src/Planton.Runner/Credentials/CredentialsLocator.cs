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

    private const int MaxBytes = 1024 * 1024;

    public Attempt<CredentialsText> Find(CredentialsRequest request)
    {
        if (!string.IsNullOrEmpty(request.File))
            return Read(request.File, "--credentials-file");
        if (environment(FileVariable) is { Length: > 0 } file)
            return Read(file, FileVariable);
        if (environment(JsonVariable) is { Length: > 0 } json)
            return new CredentialsText($"the environment variable {JsonVariable}", json);
        var stored = new LocalStore(LocalStore.Root(environment)).Find(request.Name, request.Organization);
        return stored.Failure is { } failure ? failure : Read(stored.Value!, "the local store");
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
