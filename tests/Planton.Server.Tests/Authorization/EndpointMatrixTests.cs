using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Authorization;

/// <summary>Every endpoint of the running server, called by every kind of caller.</summary>
public sealed class EndpointMatrixTests : IAsyncLifetime
{
    private static readonly string[] AnyKey = ["runner", "platform-runner", "account", "stranger", "operator", "viewer", "member", "admin", "owner"];
    private static readonly string[] KeyHolders = ["account", "stranger", "operator", "viewer", "member", "admin", "owner"];
    private static readonly string[] Users = ["stranger", "operator", "viewer", "member", "admin", "owner"];
    private static readonly string[] Viewers = ["runner", "viewer", "member", "admin", "account", "owner"];
    private static readonly string[] Insiders = ["viewer", "member", "admin", "account", "owner"];
    private static readonly string[] Members = ["member", "admin", "account", "owner"];
    private static readonly string[] Revealers = ["runner", "member", "admin", "account", "owner"];
    private static readonly string[] Admins = ["admin", "account", "owner"];
    private static readonly string[] Owners = ["owner"];
    private static readonly string[] Operators = ["operator"];
    private static readonly string[] Strangers = ["platform-runner", "stranger", "operator"];

    /// <summary>Owners of acme, whose keys are not good any more.</summary>
    private static readonly string[] Ended = ["revoked", "expired"];

    private static readonly EndpointRow[] Rows =
    [
        new("GET /healthz/live", EndpointRow.Everybody, 200),
        new("GET /healthz/ready", EndpointRow.Everybody, 200),
        new("* /metrics", EndpointRow.Everybody, 200),
        new("GET /openapi/{documentName}.json", EndpointRow.Everybody, 200),
        new("* {**path}", EndpointRow.Everybody, 404),
        new("GET /api/v1/me", AnyKey, 200),
        new("GET /api/v1/me/api-keys", KeyHolders, 200),
        new("POST /api/v1/me/api-keys", KeyHolders, 201, Audited: true, "{}"),
        new("DELETE /api/v1/me/api-keys/{id}", KeyHolders, 404),
        new("GET /api/v1/users", Operators, 200),
        new("POST /api/v1/users", Operators, 201, Audited: true, """{"name":"NAME"}"""),
        new("DELETE /api/v1/users/{name}", Operators, 204, Audited: true),
        new("GET /api/v1/server", AnyKey, 200),
        new("GET /api/v1/organizations", AnyKey, 200),
        new("POST /api/v1/organizations", Users, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/organizations/{org}", Viewers, 200),
        new("DELETE /api/v1/organizations/{org}", Owners, 409),
        new("GET /api/v1/organizations/{org}/members", Insiders, 200),
        new("PUT /api/v1/organizations/{org}/members/{user}", Admins, 200, Audited: true, """{"role":"member"}"""),
        new("DELETE /api/v1/organizations/{org}/members/{user}", Admins, 204, Audited: true),
        new("GET /api/v1/organizations/{org}/service-accounts", Insiders, 200),
        new("POST /api/v1/organizations/{org}/service-accounts", Admins, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/organizations/{org}/service-accounts/{name}", Insiders, 200),
        new("DELETE /api/v1/organizations/{org}/service-accounts/{name}", Admins, 204, Audited: true),
        new("GET /api/v1/organizations/{org}/service-accounts/{name}/keys", Admins, 200),
        new("POST /api/v1/organizations/{org}/service-accounts/{name}/keys", Admins, 201, Audited: true, "{}"),
        new("DELETE /api/v1/organizations/{org}/service-accounts/{name}/keys/{id}", Admins, 404),
        new("GET /api/v1/organizations/{org}/runners", Viewers, 200),
        new("POST /api/v1/organizations/{org}/runners", Admins, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/organizations/{org}/runners/{name}", Viewers, 200),
        new("POST /api/v1/organizations/{org}/runners/{name}/credentials", Admins, 201, Audited: true),
        new("GET /api/v1/organizations/{org}/runners/{name}/credentials", Admins, 200),
        new("POST /api/v1/organizations/{org}/runners/{name}/credentials/regenerate", Admins, 201, Audited: true),
        new("DELETE /api/v1/organizations/{org}/runners/{name}/credentials/{id}", Admins, 404),
        new("GET /api/v1/organizations/{org}/runners/{name}/impact", Viewers, 200),
        new("DELETE /api/v1/organizations/{org}/runners/{name}", Admins, 200, Audited: true),
        new("GET /api/v1/platform/runners", AnyKey, 200),
        new("POST /api/v1/platform/runners", Operators, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/platform/runners/{name}", AnyKey, 200),
        new("POST /api/v1/platform/runners/{name}/credentials", Operators, 201, Audited: true),
        new("GET /api/v1/platform/runners/{name}/credentials", Operators, 200),
        new("POST /api/v1/platform/runners/{name}/credentials/regenerate", Operators, 201, Audited: true),
        new("DELETE /api/v1/platform/runners/{name}/credentials/{id}", Operators, 404),
        new("GET /api/v1/platform/runners/{name}/impact", Operators, 200),
        new("DELETE /api/v1/platform/runners/{name}", Operators, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/default-runner", Viewers, 200),
        new("PUT /api/v1/organizations/{org}/default-runner", Admins, 200, Audited: true, """{"runner":"own"}"""),
        new("DELETE /api/v1/organizations/{org}/default-runner", Admins, 200, Audited: true),
        new("GET /api/v1/platform/default-runner", AnyKey, 200),
        new("PUT /api/v1/platform/default-runner", Operators, 200, Audited: true, """{"runner":"shared"}"""),
        new("DELETE /api/v1/platform/default-runner", Operators, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/connections", Viewers, 200),
        new("POST /api/v1/organizations/{org}/connections", Admins, 201, Audited: true, """{"name":"NAME","kind":"kubernetes"}"""),
        new("GET /api/v1/organizations/{org}/connections/{name}", Viewers, 200),
        new("DELETE /api/v1/organizations/{org}/connections/{name}", Admins, 204, Audited: true),
        new("PUT /api/v1/organizations/{org}/connections/{name}/environments", Admins, 200, Audited: true, """{"environments":[]}"""),
        new("PUT /api/v1/organizations/{org}/connections/{name}/default", Admins, 200, Audited: true, "{}"),
        new("DELETE /api/v1/organizations/{org}/connections/{name}/default", Admins, 404),
        new("GET /api/v1/organizations/{org}/default-connection", Viewers, 200),
        new("POST /api/v1/organizations/{org}/connections/{name}/test", Members, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/connections/{name}/route", Viewers, 200),
        new("GET /api/v1/organizations/{org}/audit", Admins, 200),
        new("GET /api/v1/platform/audit", Operators, 200),
        new("POST /api/v1/platform/audit/verify", Operators, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/environments", Viewers, 200),
        new("POST /api/v1/organizations/{org}/environments", Admins, 201, Audited: true, """{"name":"NAME"}"""),
        new("DELETE /api/v1/organizations/{org}/environments/{name}", Admins, 204, Audited: true),
        new("GET /api/v1/organizations/{org}/secrets", Viewers, 200),
        new("GET /api/v1/organizations/{org}/secrets/{name}", Viewers, 200),
        new("PUT /api/v1/organizations/{org}/secrets/{name}", Admins, 200, Audited: true, """{"value":"s"}"""),
        new("DELETE /api/v1/organizations/{org}/secrets/{name}", Admins, 204, Audited: true),
        new("POST /api/v1/organizations/{org}/secrets/{name}/reveal", Revealers, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/variables", Viewers, 200),
        new("GET /api/v1/organizations/{org}/variables/{name}", Viewers, 200),
        new("PUT /api/v1/organizations/{org}/variables/{name}", Admins, 200, Audited: true, """{"value":"v"}"""),
        new("DELETE /api/v1/organizations/{org}/variables/{name}", Admins, 204, Audited: true),
        new("POST /api/v1/organizations/{org}/resolve", Revealers, 200, Audited: true, """{"references":["$secret/common"]}"""),
        new("* /kubernetes/{org}/{connection}/{**path}", Members, 503, Audited: true),
    ];

    private readonly Dictionary<string, string?> _keys = [];
    private ServerFixture _server = null!;
    private HttpClient _client = null!;
    private int _number;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _client = _server.HttpClient();
        var acme = await _server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await _server.Admin.CreateOrganizationAsync("other", Cancellation);
        foreach (var role in new[] { RoleName.Viewer, RoleName.Member, RoleName.Admin, RoleName.Owner })
            _keys[role] = await _server.AddUserAsync($"acme-{role}", acme.Id, role);
        _keys["stranger"] = await _server.AddUserAsync("stranger");
        _keys["operator"] = await _server.AddUserAsync("operator");
        await _server.QueryAsync(context => context.Users.Where(user => user.Name == "operator")
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.PlatformOperator, true), Cancellation));
        _keys["runner"] = (await _server.Admin.GenerateCredentialsAsync("acme", "own", Cancellation)).Credentials.ApiKey;
        _keys["platform-runner"] = (await _server.Admin.GenerateCredentialsAsync(null, "shared", Cancellation)).Credentials.ApiKey;
        await _server.Admin.CreateServiceAccountAsync("acme", "account", RoleName.Admin, Cancellation);
        _keys["account"] = (await _server.Admin.CreateServiceAccountKeyAsync("acme", "account", cancellationToken: Cancellation)).Key;
        _keys["nobody"] = null;
        _keys["expired"] = await _server.AddUserAsync("acme-expired", acme.Id, RoleName.Owner, TimeProvider.System.GetStorableNow().AddSeconds(-1));
        var revoked = _keys["revoked"] = await _server.AddUserAsync("acme-revoked", acme.Id, RoleName.Owner);
        await _server.Client(revoked).RevokeApiKeyAsync(revoked[4..16], Cancellation);
        await _server.Admin.PutSecretAsync("acme", "common", new PutSecretRequest { Value = "s" }, cancellationToken: Cancellation);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void EveryEndpointOfTheServerHasARow() =>
        Assert.Equal(Rows.Select(row => row.Endpoint).Order(StringComparer.Ordinal), Served().Order(StringComparer.Ordinal));

    [Fact]
    public async Task EveryCallerGetsWhatItsRoleAllows_AndNothingElse()
    {
        var wrong = new List<string>();
        foreach (var row in Rows)
        {
            foreach (var caller in _keys.Keys)
            {
                var (status, recorded) = await CallAsync(row, caller, "acme");
                var expected = Expected(row, caller);
                var records = Records(row, caller, expected);
                // Refusals of one known key are counted together from the tenth in a minute.
                if (status != expected || !(Ended.Contains(caller) ? recorded.All(outcome => outcome == AuditOutcome.Denied) : recorded.SequenceEqual(records)))
                    wrong.Add($"{caller}: {row.Endpoint}: {status} [{string.Join(',', recorded)}] instead of {expected} [{string.Join(',', records)}]");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task InAnotherOrganization_AndInOneThatDoesNotExist_NobodyOfAcmeGetsAnything()
    {
        var wrong = new List<string>();
        foreach (var row in Rows.Where(row => row.IsOfOrganization))
        {
            foreach (var caller in AnyKey)
            {
                foreach (var organization in new[] { "other", "nowhere", "ACME", "acme%20" })
                {
                    var (status, recorded) = await CallAsync(row, caller, organization);
                    if (status != 404 || !recorded.SequenceEqual([AuditOutcome.Denied]))
                        wrong.Add($"{caller} in {organization}: {row.Endpoint}: {status} [{string.Join(',', recorded)}]");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("PUT", "api/v1/organizations/acme")]
    [InlineData("PATCH", "api/v1/organizations/acme/runners/own")]
    [InlineData("DELETE", "api/v1/me")]
    [InlineData("PUT", "api/v1/organizations/acme/runners/own/credentials")]
    [InlineData("GET", "api/v1")]
    [InlineData("GET", "api/v2/me")]
    [InlineData("POST", "api/v1/organizations/acme/")]
    public async Task WhatIsNoRouteIs404Or405_ForTheOwnerToo(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _keys["owner"]);
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.True((int)response.StatusCode is 404 or 405, $"{response.StatusCode}");
    }

    private static int Expected(EndpointRow row, string caller)
    {
        if (row.IsOpen)
            return row.Answer;
        if (caller == "nobody" || Ended.Contains(caller))
            return 401;
        if (row.Allowed.Contains(caller))
            return row.Answer;
        return row.IsOfOrganization && Strangers.Contains(caller) ? 404 : 403;
    }

    // Towards a runner that is not connected it is allowed, and then fails.
    private static string[] Records(EndpointRow row, string caller, int status) => status switch
    {
        _ when row.IsOpen => [],
        403 => [AuditOutcome.Denied],
        404 when !row.Allowed.Contains(caller) => [AuditOutcome.Denied],
        503 => [AuditOutcome.Allowed, AuditOutcome.Failed],
        < 300 when row.Audited => [AuditOutcome.Allowed],
        _ => [],
    };

    private IEnumerable<string> Served() => _server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
        (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["*"])
        .Select(method => $"{method} {endpoint.RoutePattern.RawText?.TrimEnd('/')}"));

    private async Task<(int Status, List<string> Outcomes)> CallAsync(EndpointRow row, string caller, string organization)
    {
        var name = $"n{++_number}";
        await ArrangeAsync(row, name);
        using var request = new HttpRequestMessage(
            row.Method == "*" ? HttpMethod.Get : new HttpMethod(row.Method),
            row.PathFor(organization, name).Replace("{documentName}", "v1", StringComparison.Ordinal));
        if (_keys[caller] is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (row.Body is { } body)
            request.Content = new StringContent(body.Replace("NAME", name, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request, Cancellation);
        var id = response.Headers.GetValues(OperationId.HeaderName).Single();
        // Generating credentials of an unknown runner registers it too: one outcome, two records.
        var outcomes = await _server.QueryAsync(context => context.AuditRecords
            .Where(record => record.OperationId == id).OrderBy(record => record.Sequence).Select(record => record.Outcome).ToListAsync(Cancellation));
        return ((int)response.StatusCode, outcomes);
    }

    // What the path names must exist, or a refusal for want of it would look like one for want of a role.
    private async Task ArrangeAsync(EndpointRow row, string name)
    {
        if (row.Endpoint.Contains("{connection}", StringComparison.Ordinal) || row.Endpoint.Contains("/connections/{name}", StringComparison.Ordinal))
            await _server.Admin.CreateConnectionAsync("acme", new CreateConnectionRequest { Name = name, Kind = "kubernetes", Runner = "own" }, Cancellation);
        else if (row.Endpoint.Contains("/runners/{name}", StringComparison.Ordinal))
            await _server.Admin.RegisterRunnerAsync(row.IsOfOrganization ? "acme" : null, name, Cancellation);
        else if (row.Endpoint.Contains("/service-accounts/{name}", StringComparison.Ordinal))
            await _server.Admin.CreateServiceAccountAsync("acme", name, cancellationToken: Cancellation);
        else if (row.Endpoint.Contains("/users/{name}", StringComparison.Ordinal))
            await _server.AddUserAsync(name);
        else if (row.Endpoint.Contains("/members/{user}", StringComparison.Ordinal))
            await _server.AddUserAsync(name, (await _server.Admin.GetOrganizationAsync("acme", Cancellation)).Id);
        else if (row.Endpoint.Contains("/environments/{name}", StringComparison.Ordinal))
            await _server.Admin.CreateEnvironmentAsync("acme", name, Cancellation);
        else if (row.Endpoint.Contains("/secrets/{name}", StringComparison.Ordinal))
            await _server.Admin.PutSecretAsync("acme", name, new PutSecretRequest { Value = "s" }, cancellationToken: Cancellation);
        else if (row.Endpoint.Contains("/variables/{name}", StringComparison.Ordinal))
            await _server.Admin.PutVariableAsync("acme", name, "v", cancellationToken: Cancellation);
    }
}
