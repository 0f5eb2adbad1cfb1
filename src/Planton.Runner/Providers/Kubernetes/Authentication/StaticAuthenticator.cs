namespace Planton.Runner.Providers.Kubernetes.Authentication;

internal sealed class StaticAuthenticator(TargetAttempt<TargetCredential> credential) : ITargetAuthenticator
{
    public ValueTask<TargetAttempt<TargetCredential>> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credential);

    public void Reject(TargetCredential credential)
    {
    }
}
