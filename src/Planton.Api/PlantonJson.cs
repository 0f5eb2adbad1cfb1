using System.Text.Json;
using System.Text.Json.Serialization;
using Planton.Api.ApiKeys;
using Planton.Api.Audit;
using Planton.Api.Connections;
using Planton.Api.Credentials;
using Planton.Api.DefaultRunners;
using Planton.Api.Environments;
using Planton.Api.Errors;
using Planton.Api.Identity;
using Planton.Api.Members;
using Planton.Api.Organizations;
using Planton.Api.References;
using Planton.Api.Routing;
using Planton.Api.Runners;
using Planton.Api.Secrets;
using Planton.Api.Server;
using Planton.Api.ServiceAccounts;
using Planton.Api.Users;
using Planton.Api.Variables;

namespace Planton.Api;

/// <summary>The JSON of the public contract, without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = false)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Caller))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ServerAddresses))]
[JsonSerializable(typeof(Organization))]
[JsonSerializable(typeof(CreateOrganizationRequest))]
[JsonSerializable(typeof(ListResponse<Organization>))]
[JsonSerializable(typeof(Runner))]
[JsonSerializable(typeof(RegisterRunnerRequest))]
[JsonSerializable(typeof(ListResponse<Runner>))]
[JsonSerializable(typeof(GenerateCredentialsRequest))]
[JsonSerializable(typeof(GenerateCredentialsResponse))]
[JsonSerializable(typeof(RunnerCredentials))]
[JsonSerializable(typeof(ListResponse<RunnerCredential>))]
[JsonSerializable(typeof(RevocationSummary))]
[JsonSerializable(typeof(RegenerateCredentialsResponse))]
[JsonSerializable(typeof(RunnerImpact))]
[JsonSerializable(typeof(DefaultRunner))]
[JsonSerializable(typeof(SetDefaultRunnerRequest))]
[JsonSerializable(typeof(RouteExplanation))]
[JsonSerializable(typeof(ServiceAccount))]
[JsonSerializable(typeof(CreateServiceAccountRequest))]
[JsonSerializable(typeof(ListResponse<ServiceAccount>))]
[JsonSerializable(typeof(ListResponse<ApiKey>))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
[JsonSerializable(typeof(CreateApiKeyResponse))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(SetMemberRequest))]
[JsonSerializable(typeof(ListResponse<Member>))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(CreateUserResponse))]
[JsonSerializable(typeof(ListResponse<User>))]
[JsonSerializable(typeof(SuspendUserResponse))]
[JsonSerializable(typeof(RevokeUserKeysResponse))]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(CreateConnectionRequest))]
[JsonSerializable(typeof(ListResponse<Connection>))]
[JsonSerializable(typeof(ConnectionTest))]
[JsonSerializable(typeof(SetDefaultConnectionRequest))]
[JsonSerializable(typeof(SetConnectionEnvironmentsRequest))]
[JsonSerializable(typeof(DefaultConnection))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(OrganizationEnvironment))]
[JsonSerializable(typeof(CreateEnvironmentRequest))]
[JsonSerializable(typeof(ListResponse<OrganizationEnvironment>))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(PutSecretRequest))]
[JsonSerializable(typeof(SecretValues))]
[JsonSerializable(typeof(ListResponse<Secret>))]
[JsonSerializable(typeof(Variable))]
[JsonSerializable(typeof(PutVariableRequest))]
[JsonSerializable(typeof(ListResponse<Variable>))]
[JsonSerializable(typeof(ResolveRequest))]
[JsonSerializable(typeof(ResolveResponse))]
public sealed partial class PlantonJson : JsonSerializerContext
{
    /// <summary>The same contract, indented: for files and terminals.</summary>
    public static PlantonJson Indented { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        NewLine = "\n",
    });
}
