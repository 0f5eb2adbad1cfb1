using Planton.Runner.Credentials;
using Planton.Runner.Providers.Kubernetes.Configuration;
using Planton.Tunnel.Identity;

namespace Planton.Runner.Startup;

/// <summary>What a runner says of itself between its first and its last line.</summary>
internal sealed partial class StartMessages(ILogger logger)
{
    public void Loaded(string version, LoadedCredentials credentials)
    {
        LogLoaded(version, credentials.Metadata.Runner!, credentials.Metadata.Organization ?? "the platform", credentials.Source, credentials.Identity);
        if (credentials.ControlPlane.Scheme == Uri.UriSchemeHttp && !credentials.ControlPlane.IsLoopback)
            LogPlainHttp(credentials.ControlPlane);
    }

    public void Sources(IEnumerable<CredentialsSource> sources)
    {
        foreach (var source in sources)
            LogSource(source.Name, source.State);
    }

    public void Targets(string? origin)
    {
        if (origin is null)
            LogNoTargets(KubeLocator.NothingFound);
        else
            LogTargets(origin);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "planton-runner {Version}: runner '{Runner}' of {Organization}, credentials from {Source}, identity {Identity}")]
    private partial void LogLoaded(string version, string runner, string organization, string source, RunnerIdentity identity);

    [LoggerMessage(EventId = 8, Level = LogLevel.Information, Message = "Credentials, {Source}: {State}")]
    private partial void LogSource(string source, string state);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The control plane is at {Url}: plain HTTP shows the API key to everybody on the way")]
    private partial void LogPlainHttp(Uri url);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Kubernetes through {Origin}")]
    private partial void LogTargets(string origin);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Kubernetes operations will fail: {Reason}")]
    private partial void LogNoTargets(string reason);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "Stopping: no new operations, those under way may end")]
    public partial void Stopping();

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "Stopped")]
    public partial void Stopped();

    [LoggerMessage(EventId = 7, Level = LogLevel.Error, Message = "The runner ends. Step '{Step}' did not succeed: {Why}")]
    public partial void Failed(string step, string why);
}
