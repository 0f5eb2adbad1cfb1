namespace Planton.Server.Tests.Authorization;

/// <summary>Every endpoint of the server, and who may call it.</summary>
internal static class EndpointRows
{
    public static readonly string[] AnyKey = ["runner", "platform-runner", "account", "stranger", "operator", "viewer", "member", "admin", "owner"];
    public static readonly string[] KeyHolders = ["account", "stranger", "operator", "viewer", "member", "admin", "owner"];
    public static readonly string[] Users = ["stranger", "operator", "viewer", "member", "admin", "owner"];
    public static readonly string[] Viewers = ["runner", "viewer", "member", "admin", "account", "owner"];
    public static readonly string[] Insiders = ["viewer", "member", "admin", "account", "owner"];
    public static readonly string[] Members = ["member", "admin", "account", "owner"];
    public static readonly string[] Revealers = ["runner", "member", "admin", "account", "owner"];
    public static readonly string[] Admins = ["admin", "account", "owner"];
    public static readonly string[] Owners = ["owner"];
    public static readonly string[] Operators = ["operator"];
    public static readonly string[] Strangers = ["platform-runner", "stranger", "operator"];

    /// <summary>Owners of the organization, whose keys are no longer valid.</summary>
    public static readonly string[] Ended = ["revoked", "expired"];

    public static readonly EndpointRow[] All =
    [
        new("GET /healthz/live", EndpointRow.Everybody, 200),
        new("GET /healthz/ready", EndpointRow.Everybody, 200),
        new("GET /metrics", Operators, 200),
        new("HEAD /metrics", Operators, 200),
        new("GET /openapi/{documentName}.json", EndpointRow.Everybody, 200),
        new("* {**path}", EndpointRow.Everybody, 404),
        new("GET /api/v1/me", AnyKey, 200),
        new("GET /api/v1/me/api-keys", KeyHolders, 200),
        new("POST /api/v1/me/api-keys", KeyHolders, 201, Audited: true, "{}"),
        new("DELETE /api/v1/me/api-keys/{id}", KeyHolders, 204, Audited: true),
        new("GET /api/v1/users", Operators, 200),
        new("POST /api/v1/users", Operators, 201, Audited: true, """{"name":"NAME"}"""),
        new("DELETE /api/v1/users/{name}", Operators, 204, Audited: true),
        new("GET /api/v1/server", AnyKey, 200),
        new("GET /api/v1/organizations", AnyKey, 200),
        new("POST /api/v1/organizations", Users, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/organizations/{org}", Viewers, 200),
        new("DELETE /api/v1/organizations/{org}", Owners, 409),
        new("GET /api/v1/organizations/{org}/members", Insiders, 200),
        new("PUT /api/v1/organizations/{org}/members/{user}", Admins, 200, Audited: true, """{"role":"viewer"}"""),
        new("DELETE /api/v1/organizations/{org}/members/{user}", Admins, 204, Audited: true),
        new("GET /api/v1/organizations/{org}/service-accounts", Insiders, 200),
        new("POST /api/v1/organizations/{org}/service-accounts", Admins, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/organizations/{org}/service-accounts/{name}", Insiders, 200),
        new("DELETE /api/v1/organizations/{org}/service-accounts/{name}", Admins, 204, Audited: true),
        new("GET /api/v1/organizations/{org}/service-accounts/{name}/keys", Admins, 200),
        new("POST /api/v1/organizations/{org}/service-accounts/{name}/keys", Admins, 201, Audited: true, "{}"),
        new("DELETE /api/v1/organizations/{org}/service-accounts/{name}/keys/{id}", Admins, 204, Audited: true),
        new("GET /api/v1/organizations/{org}/runners", Viewers, 200),
        new("POST /api/v1/organizations/{org}/runners", Admins, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/organizations/{org}/runners/{name}", Viewers, 200),
        new("POST /api/v1/organizations/{org}/runners/{name}/credentials", Admins, 201, Audited: true),
        new("GET /api/v1/organizations/{org}/runners/{name}/credentials", Admins, 200),
        new("POST /api/v1/organizations/{org}/runners/{name}/credentials/regenerate", Admins, 201, Audited: true),
        new("DELETE /api/v1/organizations/{org}/runners/{name}/credentials/{id}", Admins, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/runners/{name}/impact", Viewers, 200),
        new("DELETE /api/v1/organizations/{org}/runners/{name}", Admins, 200, Audited: true),
        new("GET /api/v1/platform/runners", AnyKey, 200),
        new("POST /api/v1/platform/runners", Operators, 201, Audited: true, """{"name":"NAME"}"""),
        new("GET /api/v1/platform/runners/{name}", AnyKey, 200),
        new("POST /api/v1/platform/runners/{name}/credentials", Operators, 201, Audited: true),
        new("GET /api/v1/platform/runners/{name}/credentials", Operators, 200),
        new("POST /api/v1/platform/runners/{name}/credentials/regenerate", Operators, 201, Audited: true),
        new("DELETE /api/v1/platform/runners/{name}/credentials/{id}", Operators, 200, Audited: true),
        new("GET /api/v1/platform/runners/{name}/impact", Operators, 200),
        new("DELETE /api/v1/platform/runners/{name}", Operators, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/default-runner", Viewers, 200),
        new("PUT /api/v1/organizations/{org}/default-runner", Admins, 200, Audited: true, """{"runner":"own"}"""),
        new("DELETE /api/v1/organizations/{org}/default-runner", Admins, 200, Audited: true),
        new("GET /api/v1/platform/default-runner", AnyKey, 200),
        new("PUT /api/v1/platform/default-runner", Operators, 200, Audited: true, """{"runner":"SHARED"}"""),
        new("DELETE /api/v1/platform/default-runner", Operators, 200, Audited: true),
        new("GET /api/v1/organizations/{org}/connections", Viewers, 200),
        new("POST /api/v1/organizations/{org}/connections", Admins, 201, Audited: true, """{"name":"NAME","kind":"kubernetes"}"""),
        new("GET /api/v1/organizations/{org}/connections/{name}", Viewers, 200),
        new("DELETE /api/v1/organizations/{org}/connections/{name}", Admins, 204, Audited: true),
        new("PUT /api/v1/organizations/{org}/connections/{name}/environments", Admins, 200, Audited: true, """{"environments":[]}"""),
        new("PUT /api/v1/organizations/{org}/connections/{name}/default", Admins, 200, Audited: true, "{}"),
        new("DELETE /api/v1/organizations/{org}/connections/{name}/default", Admins, 204, Audited: true),
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
}
