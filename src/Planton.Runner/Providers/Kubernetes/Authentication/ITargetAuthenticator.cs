namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>Holds what is shown to one target, and renews it when it can be renewed.</summary>
internal interface ITargetAuthenticator
{
    /// <summary>The credential to use now.</summary>
    ValueTask<TargetAttempt<TargetCredential>> GetAsync(CancellationToken cancellationToken);

    /// <summary>The target answered 401 to this credential: get a new one if there may be one.</summary>
    void Reject(TargetCredential credential);
}
