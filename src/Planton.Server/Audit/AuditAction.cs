namespace Planton.Server.Audit;

internal static class AuditAction
{
    public const string Authenticate = "authenticate";
    public const string Bootstrap = "server.bootstrap";
    public const string CreateOrganization = "organization.create";
    public const string DeleteOrganization = "organization.delete";
    public const string RegisterRunner = "runner.register";
    public const string GenerateCredentials = "runner.generate-credentials";
    public const string RegenerateCredentials = "runner.regenerate-credentials";
    public const string RevokeCredential = "runner.revoke-credential";
    public const string DeleteRunner = "runner.delete";
    public const string CreateConnection = "connection.create";
    public const string DeleteConnection = "connection.delete";
    public const string TestConnection = "connection.test";
}
