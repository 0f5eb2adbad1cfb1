using Microsoft.EntityFrameworkCore;
using Planton.Server.Environments;
using Planton.Server.Secrets;
using Planton.Server.Storage;
using Planton.Server.Variables;

namespace Planton.Server.References;

/// <summary>Finds what references point at: the environment's own first, then the organization's.</summary>
internal sealed class ReferenceReader(ControlPlaneContext context, OrganizationScope scope)
{
    private readonly Dictionary<string, (SecretEntity Secret, SecretVersionEntity Version)?> _secrets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VariableEntity?> _variables = new(StringComparer.Ordinal);

    /// <summary>How much was read of sealed values so far, in bytes.</summary>
    public long SealedBytes { get; private set; }

    public async Task<(SecretEntity Secret, SecretVersionEntity Version)?> SecretAsync(string name, CancellationToken cancellationToken)
    {
        if (_secrets.TryGetValue(name, out var known))
            return known;
        var secret = await NearestAsync(
            context.Secrets.AsNoTracking().Where(secret => secret.Name == name && (secret.ScopeId == scope.Id || secret.ScopeId == scope.OrganizationId)),
            secret => secret.ScopeId, cancellationToken).ConfigureAwait(false);
        if (secret is null)
            return _secrets[name] = null;
        var version = await context.SecretVersions.AsNoTracking()
            .SingleOrDefaultAsync(version => version.SecretId == secret.Id && version.Version == secret.Version, cancellationToken).ConfigureAwait(false);
        SealedBytes += version?.SealedValues.Length ?? 0;
        // Gone since: whoever deleted it was first.
        return _secrets[name] = version is null ? null : (secret, version);
    }

    public async Task<VariableEntity?> VariableAsync(string name, CancellationToken cancellationToken)
    {
        if (!_variables.TryGetValue(name, out var known))
        {
            _variables[name] = known = await NearestAsync(
                context.Variables.AsNoTracking().Where(variable => variable.Name == name && (variable.ScopeId == scope.Id || variable.ScopeId == scope.OrganizationId)),
                variable => variable.ScopeId, cancellationToken).ConfigureAwait(false);
        }

        return known;
    }

    private async Task<T?> NearestAsync<T>(IQueryable<T> found, Func<T, string> scopeId, CancellationToken cancellationToken)
        where T : class
    {
        var candidates = await found.ToListAsync(cancellationToken).ConfigureAwait(false);
        return candidates.Find(candidate => scopeId(candidate) == scope.Id) ?? candidates.FirstOrDefault();
    }
}
