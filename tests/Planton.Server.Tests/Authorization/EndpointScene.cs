using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Secrets;
using Planton.Server.Authorization;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Authorization;

/// <summary>A caller of every kind, seen from <c>Org</c>, and a second organization in which none of them has a role.</summary>
public abstract class EndpointScene(SharedServer shared) : SharedServerTest(shared)
{
    private readonly Dictionary<string, string?> _keys = [];
    private readonly HttpClientHandler _anyCertificate = new() { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
    private HttpClient _http = null!;
    private HttpClient _http2 = null!;
    private string _platformRunner = "";

    private protected IReadOnlyCollection<string> Callers => _keys.Keys;

    private protected string Other { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _http = Server.HttpClient();
        // The plain port speaks HTTP/1.1 alone.
        _http2 = new HttpClient(_anyCertificate) { BaseAddress = Server.TlsUrl };
        (Other, _) = await NewOrganizationAsync("other");
        foreach (var role in new[] { RoleName.Viewer, RoleName.Member, RoleName.Admin, RoleName.Owner })
            _keys[role] = await AddUserAsync(role);
        _keys["stranger"] = await Server.AddUserAsync(UniqueName("stranger"));
        _keys["operator"] = (await Admin.CreateUserAsync(UniqueName("operator"), platformOperator: true, Cancellation)).Key;
        _keys["runner"] = (await Admin.GenerateCredentialsAsync(Org, "own", Cancellation)).Credentials.ApiKey;
        _platformRunner = UniqueName("shared");
        _keys["platform-runner"] = (await Admin.GenerateCredentialsAsync(null, _platformRunner, Cancellation)).Credentials.ApiKey;
        await Admin.CreateServiceAccountAsync(Org, "account", RoleName.Admin, Cancellation);
        _keys["account"] = (await Admin.CreateServiceAccountKeyAsync(Org, "account", cancellationToken: Cancellation)).Key;
        _keys["anonymous"] = null;
        _keys["expired"] = await Server.AddUserAsync(UniqueName("expired"), OrgId, RoleName.Owner, TimeProvider.System.GetStorableNow().AddSeconds(-1));
        var revoked = _keys["revoked"] = await AddUserAsync(RoleName.Owner);
        await Server.Client(revoked).RevokeApiKeyAsync(IdOf(revoked), Cancellation);
        foreach (var organization in new[] { Org, Other })
            await Admin.PutSecretAsync(organization, "common", new PutSecretRequest { Value = "s" }, cancellationToken: Cancellation);
        await Admin.RegisterRunnerAsync(Other, "own", Cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        _http2?.Dispose();
        _anyCertificate.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The id in a key's text, which is public.</summary>
    private protected static string IdOf(string key) => key[4..16];

    /// <summary>
    /// Makes what the row's path names, in <paramref name="organization"/> or on the platform: else a refusal because it does not
    /// exist would look like one for want of a role. What has a role has the least, since no role may change a higher one.
    /// </summary>
    private protected async Task<EndpointTarget> ArrangeAsync(EndpointRow row, string caller, string organization)
    {
        var target = new EndpointTarget(UniqueName("n"), EndpointTarget.UnknownId);
        var name = target.Name;
        if (row.Has("{connection}") || row.Has("/connections/{name}"))
        {
            await Admin.CreateConnectionAsync(organization, new CreateConnectionRequest { Name = name, Kind = "kubernetes", Runner = "own" }, Cancellation);
            if (row.Endpoint.StartsWith("DELETE", StringComparison.Ordinal) && row.Has("/default"))
                await Admin.SetDefaultConnectionAsync(organization, name, cancellationToken: Cancellation);
        }
        else if (row.Has("/credentials/{id}"))
            return target with { Id = await NewCredentialAsync(row.IsOfOrganization ? organization : null, name) };
        else if (row.Has("/grants/{id}"))
        {
            await Admin.RegisterRunnerAsync(null, name, Cancellation);
            return target with { Id = (await Admin.GrantRunnerAsync(name, new() { Organization = Org }, Cancellation)).Id };
        }
        else if (row.Has("/runners/{name}"))
            await Admin.RegisterRunnerAsync(row.IsOfOrganization ? organization : null, name, Cancellation);
        else if (row.Has("/keys/{id}"))
            return target with { Id = await NewAccountKeyAsync(organization, name) };
        else if (row.Has("/service-accounts/{name}"))
            await Admin.CreateServiceAccountAsync(organization, name, cancellationToken: Cancellation);
        else if (row.Has("/me/api-keys/{id}"))
            return target with { Id = await NewOwnKeyAsync(row, caller) };
        else if (row.Has("/users/{name}"))
            await Server.AddUserAsync(name);
        else if (row.Has("/members/{user}"))
            await Server.AddUserAsync(name, (await Admin.GetOrganizationAsync(organization, Cancellation)).Id, RoleName.Viewer);
        else if (row.Has("/environments/{name}"))
            await Admin.CreateEnvironmentAsync(organization, name, Cancellation);
        else if (row.Has("/secrets/{name}"))
            await Admin.PutSecretAsync(organization, name, new PutSecretRequest { Value = "s" }, cancellationToken: Cancellation);
        else if (row.Has("/variables/{name}"))
            await Admin.PutVariableAsync(organization, name, "v", cancellationToken: Cancellation);
        return target;
    }

    private protected async Task<EndpointAnswer> CallAsync(EndpointRow row, CallForm form, string caller, string organization, EndpointTarget target)
    {
        var path = row.PathFor(organization, target).TrimStart('/');
        using var request = form.ToRequest(path);
        if (_keys[caller] is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (row.Body is { } body)
        {
            var text = body.Replace("NAME", target.Name, StringComparison.Ordinal).Replace("SHARED", _platformRunner, StringComparison.Ordinal);
            request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        }

        using var response = await (form.IsExtendedConnect ? _http2 : _http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        // The content of an accepted CONNECT is a stream that does not end.
        var answer = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancellation);
        return new EndpointAnswer($"{caller}: {form} /{path}", (int)response.StatusCode, response.Headers.GetValues(OperationId.HeaderName).Single(), answer);
    }

    /// <summary>The outcomes that the trail holds of each call, in order.</summary>
    private protected async Task<ILookup<string, string>> RecordedAsync(IEnumerable<EndpointAnswer> answers)
    {
        var ids = answers.Select(answer => answer.OperationId).ToList();
        var records = await Server.QueryAsync(context => context.AuditRecords.Where(record => ids.Contains(record.OperationId))
            .OrderBy(record => record.Sequence).Select(record => new { record.OperationId, record.Outcome }).ToListAsync(Cancellation));
        // Generating credentials of an unknown runner registers it too: one outcome, two records.
        return records.ToLookup(record => record.OperationId, record => record.Outcome);
    }

    /// <summary>Makes credentials, and the runner when there is none of that name.</summary>
    private protected async Task<string> NewCredentialAsync(string? organization, string runner) =>
        (await Admin.GenerateCredentialsAsync(organization, runner, Cancellation)).Credentials.Metadata!.Id!;

    /// <summary>Makes a service account with a key.</summary>
    private protected async Task<string> NewAccountKeyAsync(string organization, string account)
    {
        await Admin.CreateServiceAccountAsync(organization, account, cancellationToken: Cancellation);
        return (await Admin.CreateServiceAccountKeyAsync(organization, account, cancellationToken: Cancellation)).ApiKey.Id;
    }

    // A caller that may not make keys tries to revoke the one it presents.
    private async Task<string> NewOwnKeyAsync(EndpointRow row, string caller)
    {
        if (row.Allowed.Contains(caller))
            return (await Server.Client(_keys[caller]!).CreateApiKeyAsync(cancellationToken: Cancellation)).ApiKey.Id;
        return IdOf(_keys[caller] ?? Server.AdminKey);
    }
}
