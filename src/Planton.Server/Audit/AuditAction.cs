namespace Planton.Server.Audit;

internal static class AuditAction
{
    public const string Authenticate = "authenticate";
    public const string Request = "request";
    public const string Bootstrap = "server.bootstrap";
    public const string CreateOrganization = "organization.create";
    public const string DeleteOrganization = "organization.delete";
    public const string RegisterRunner = "runner.register";
    public const string GenerateCredentials = "runner.generate-credentials";
    public const string RegenerateCredentials = "runner.regenerate-credentials";
    public const string RevokeCredential = "runner.revoke-credential";
    public const string RenewCertificate = "runner.renew-certificate";
    public const string RotateAuthority = "authority.rotate";
    public const string RetireAuthority = "authority.retire";
    public const string RotateMasterKey = "master-key.rotate";
    public const string DeleteRunner = "runner.delete";
    public const string SetDefaultRunner = "runner.set-default";
    public const string UnsetDefaultRunner = "runner.unset-default";
    public const string CreateConnection = "connection.create";
    public const string DeleteConnection = "connection.delete";
    public const string TestConnection = "connection.test";
    public const string SetConnectionEnvironments = "connection.set-environments";
    public const string SetDefaultConnection = "connection.set-default";
    public const string UnsetDefaultConnection = "connection.unset-default";
    public const string VerifyAudit = "audit.verify";
    public const string CreateEnvironment = "environment.create";
    public const string DeleteEnvironment = "environment.delete";
    public const string PutSecret = "secret.put";
    public const string RevealSecret = "secret.reveal";
    public const string DeleteSecret = "secret.delete";
    public const string PutVariable = "variable.put";
    public const string DeleteVariable = "variable.delete";
    public const string SetMember = "member.set";
    public const string RemoveMember = "member.remove";
    public const string CreateUser = "user.create";
    public const string DeleteUser = "user.delete";
    public const string CreateServiceAccount = "service-account.create";
    public const string DeleteServiceAccount = "service-account.delete";
    public const string CreateServiceAccountKey = "service-account.create-key";
    public const string RevokeServiceAccountKey = "service-account.revoke-key";
    public const string CreateApiKey = "api-key.create";
    public const string RevokeApiKey = "api-key.revoke";
    public const string Resolve = "reference.resolve";
}
