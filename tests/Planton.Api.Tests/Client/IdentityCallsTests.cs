using System.Net;
using Planton.Api.Client;

namespace Planton.Api.Tests.Client;

/// <summary>Where the calls about runners, keys, members and users go, and what they send.</summary>
public sealed class IdentityCallsTests
{
    private const string Key = """{"apiKey":{"id":"k","fingerprint":"f","createdAt":"2030-01-01T00:00:00Z"},"key":"pck_x"}""";
    private const string Account = """{"id":"s","name":"ci","role":"viewer","createdAt":"2030-01-01T00:00:00Z"}""";
    private const string Revoked = """{"credentials":1,"apiKeys":1,"tunnels":0,"operations":0}""";
    private const string User = """{"id":"u","name":"ada","platformOperator":false,"createdAt":"2030-01-01T00:00:00Z","suspendedAt":"2030-01-02T00:00:00Z"}""";
    private const string Empty = """{"items":[]}""";

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<PlantonApiClient, CancellationToken, Task>, string> Calls => new()
    {
        { "GET organizations/acme/runners/prod/credentials", (c, t) => c.ListCredentialsAsync("acme", "prod", t), Empty },
        { "GET platform/runners/prod/credentials", (c, t) => c.ListCredentialsAsync(null, "prod", t), Empty },
        { "DELETE organizations/acme/runners/prod/credentials/id%2F1", (c, t) => c.RevokeCredentialAsync("acme", "prod", "id/1", t), Revoked },
        { "POST platform/runners/prod/credentials/regenerate", (c, t) => c.RegenerateCredentialsAsync(null, "prod", t), $$"""{"credentials":{},"revoked":{{Revoked}}}""" },
        { "GET organizations/acme/runners/prod/impact", (c, t) => c.GetRunnerImpactAsync("acme", "prod", t), """{"tunnels":1,"operations":2,"credentials":3,"connections":[],"defaultLevels":[]}""" },
        { "DELETE organizations/acme/runners/prod", (c, t) => c.DeleteRunnerAsync("acme", "prod", t), Revoked },
        { "GET organizations/acme/default-runner", (c, t) => c.GetDefaultRunnerAsync("acme", t), "{}" },
        { """PUT platform/default-runner {"runner":"prod"}""", (c, t) => c.SetDefaultRunnerAsync(null, "prod", t), "{}" },
        { "DELETE platform/default-runner", (c, t) => c.UnsetDefaultRunnerAsync(null, t), "{}" },
        { "GET organizations/acme/connections/k8s/route", (c, t) => c.ExplainRouteAsync("acme", "k8s", t), """{"connection":"k8s","steps":[]}""" },
        { "GET organizations/acme/service-accounts", (c, t) => c.ListServiceAccountsAsync("acme", t), Empty },
        { """POST organizations/acme/service-accounts {"name":"ci"}""", (c, t) => c.CreateServiceAccountAsync("acme", "ci", null, t), Account },
        { """POST organizations/acme/service-accounts {"name":"ci","role":"admin"}""", (c, t) => c.CreateServiceAccountAsync("acme", "ci", "admin", t), Account },
        { "GET organizations/acme/service-accounts/ci", (c, t) => c.GetServiceAccountAsync("acme", "ci", t), Account },
        { "DELETE organizations/acme/service-accounts/ci", (c, t) => c.DeleteServiceAccountAsync("acme", "ci", t), "" },
        { "GET organizations/acme/service-accounts/ci/keys", (c, t) => c.ListServiceAccountKeysAsync("acme", "ci", t), Empty },
        { "POST organizations/acme/service-accounts/ci/keys {}", (c, t) => c.CreateServiceAccountKeyAsync("acme", "ci", null, t), Key },
        { "DELETE organizations/acme/service-accounts/ci/keys/k", (c, t) => c.RevokeServiceAccountKeyAsync("acme", "ci", "k", t), "" },
        { "GET me/api-keys", (c, t) => c.ListApiKeysAsync(t), Empty },
        { """POST me/api-keys {"expiresInSeconds":3600}""", (c, t) => c.CreateApiKeyAsync(TimeSpan.FromHours(1), t), Key },
        { "DELETE me/api-keys/k", (c, t) => c.RevokeApiKeyAsync("k", t), "" },
        { "GET organizations/acme/members", (c, t) => c.ListMembersAsync("acme", t), Empty },
        { """PUT organizations/acme/members/ada {"role":"admin"}""", (c, t) => c.SetMemberAsync("acme", "ada", "admin", t), """{"userId":"u","user":"ada","role":"admin"}""" },
        { "DELETE organizations/acme/members/ada", (c, t) => c.RemoveMemberAsync("acme", "ada", t), "" },
        { "GET users", (c, t) => c.ListUsersAsync(t), Empty },
        { """POST users {"name":"ada","platformOperator":false}""", (c, t) => c.CreateUserAsync("ada", false, t), $$"""{"user":{"id":"u","name":"ada","platformOperator":false,"createdAt":"2030-01-01T00:00:00Z"},{{Key[1..]}}""" },
        { "DELETE users/ada", (c, t) => c.DeleteUserAsync("ada", t), "" },
        { "POST users/ada/suspend", (c, t) => c.SuspendUserAsync("ada", t), $$"""{"user":{{User}},"frozenOrganizations":["acme"]}""" },
        { "POST users/ada/resume", (c, t) => c.ResumeUserAsync("ada", t), User },
        { "POST users/ada/revoke-keys", (c, t) => c.RevokeUserKeysAsync("ada", t), """{"revoked":2}""" },
        { "DELETE me/organizations/acme", (c, t) => c.LeaveOrganizationAsync("acme", t), "" },
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task EachCallGoesToItsPathWithItsBody(string expected, Func<PlantonApiClient, CancellationToken, Task> call, string answer)
    {
        using var handler = new AnsweringHandler(HttpStatusCode.OK, answer);
        using var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = new Uri("http://127.0.0.1:1/") };
        await call(new PlantonApiClient(http), _cancel);
        Assert.Equal(expected, $"{handler.Request.Replace("/api/v1/", "", StringComparison.Ordinal)} {handler.Body}".TrimEnd());
    }
}
