using System.Net.Http.Headers;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>Keeps what a credential plugin gave until it expires or is refused. One run at a time serves everybody who waits.</summary>
internal sealed class ExecAuthenticator(
    TargetDefinition definition, Func<CancellationToken, Task<TargetAttempt<ExecCredential>>> plugin, KubernetesOptions options, TimeProvider time)
    : ITargetAuthenticator, IDisposable
{
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _oneRun = new(1);
    private volatile State? _state;

    public async ValueTask<TargetAttempt<TargetCredential>> GetAsync(CancellationToken cancellationToken)
    {
        if (_state is { } state && IsUsable(state))
            return state.Result;
        await _oneRun.WaitAsync(cancellationToken);
        try
        {
            if (_state is { } other && IsUsable(other))
                return other.Result;
            var answer = await plugin(cancellationToken);
            var result = answer.Fault is { } fault ? fault : Credential(answer.Value!);
            _state = new State(result, answer.Value?.Expires, time.GetTimestamp());
            return result;
        }
        finally
        {
            _oneRun.Release();
        }
    }

    public void Reject(TargetCredential credential)
    {
        if (_state is { } state && ReferenceEquals(state.Result.Value, credential)
            && time.GetElapsedTime(state.At) >= options.PluginRefusalInterval)
            state.Rejected = true;
    }

    public void Dispose() => _oneRun.Dispose();

    private bool IsUsable(State state)
    {
        if (state.Result.Fault is not null)
            return time.GetElapsedTime(state.At) < options.PluginFailureInterval;
        // A credential that is about to expire would be refused on arrival; one that lives shorter than the margin is used anyway.
        return !state.Rejected
            && (state.Expires is not { } expires
                || time.GetUtcNow() < expires - ExpiryMargin
                || (time.GetUtcNow() < expires && time.GetElapsedTime(state.At) < ExpiryMargin)
                // Expired on arrival: a clock is wrong. A burst of operations must not become a queue of as many processes.
                || time.GetElapsedTime(state.At) < options.PluginFailureInterval);
    }

    private TargetAttempt<TargetCredential> Credential(ExecCredential given)
    {
        ClientCertificate? certificate = null;
        if (given.CertificatePem is not null)
        {
            var read = ClientCertificate.Read(given.CertificatePem, given.KeyPem!, $"the credential plugin of {definition.Name}");
            if (read.Fault is { } fault)
                return fault;
            certificate = read.Value;
        }

        if (given.Token is { } token && !token.All(c => c is > ' ' and < (char)127))
        {
            return new NetworkFault(NetworkStage.Configuration,
                $"the credential plugin of {definition.Name} gave a token that cannot stand in a header", "");
        }

        return new TargetCredential(given.Token is null ? null : new AuthenticationHeaderValue("Bearer", given.Token), certificate);
    }

    private sealed record State(TargetAttempt<TargetCredential> Result, DateTimeOffset? Expires, long At)
    {
        public bool Rejected { get; set; }
    }
}
