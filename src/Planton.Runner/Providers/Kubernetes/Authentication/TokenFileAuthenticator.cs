using System.Net.Http.Headers;
using Planton.Runner.Files;
using Planton.Runner.Logging;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>A token in a file that somebody else rotates: a pod's service account, most often.</summary>
internal sealed class TokenFileAuthenticator(
    TargetDefinition definition, ClientCertificate? certificate, KubernetesOptions options, SecretMasker masker, TimeProvider time)
    : ITargetAuthenticator
{
    private const int MaxBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private TargetCredential? _current;
    private long _readAt;
    private bool _stale = true;

    public ValueTask<TargetAttempt<TargetCredential>> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_stale && time.GetElapsedTime(_readAt) < options.TokenFileLifetime)
                return ValueTask.FromResult<TargetAttempt<TargetCredential>>(_current!);
            if (Read() is { } token)
            {
                masker.Add(token);
                // The same token is the same credential, so that a 401 to it is not tried again for nothing.
                if (_current?.Authorization?.Parameter != token)
                    _current = new TargetCredential(new AuthenticationHeaderValue("Bearer", token), certificate);
                (_readAt, _stale) = (time.GetTimestamp(), false);
            }

            // A file that is missing for a moment does not take away the token that was read before.
            _current ??= definition.Token is { } fallback
                ? new TargetCredential(new AuthenticationHeaderValue("Bearer", fallback), certificate)
                : null;
            return ValueTask.FromResult<TargetAttempt<TargetCredential>>(_current is not null
                ? _current
                : new NetworkFault(NetworkStage.Configuration,
                    $"the token file of {definition.Name}, {definition.TokenFile}, is missing, empty or not readable by the runner", ""));
        }
    }

    public void Reject(TargetCredential credential)
    {
        lock (_gate)
            _stale |= ReferenceEquals(credential, _current);
    }

    private string? Read()
    {
        try
        {
            var token = MountedFile.Read(definition.TokenFile!, MaxBytes)?.Trim();
            return token is { Length: > 0 } && token.All(c => c is > ' ' and < (char)127) ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
