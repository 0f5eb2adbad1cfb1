using System.Net.Http.Headers;
using System.Text;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Authorization;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>What the parameters of described operations name, so that their valid requests succeed and a fault behind the look-up is met.</summary>
/// <param name="admin">The API with the key of a platform operator.</param>
/// <param name="organization">The organization of the test.</param>
/// <param name="name">The name of everything in it, and of a user and a platform runner. No other test uses it.</param>
internal sealed class FuzzedObjects(PlantonApiClient admin, string organization, string name)
{
    private readonly string _empty = $"{name}-empty";
    private readonly string _spare = $"{name}-spare";
    private readonly string _heir = $"{name}-heir";
    private int _fresh;
    private string _left = "";
    private string _credential = "";
    private string _platformCredential = "";
    private string _accountKey = "";
    private string _ownKey = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes what is not there, or not any more.</summary>
    public async Task EnsureAsync()
    {
        await RevokeKeysOfEarlierRequestsAsync();
        await MakeAsync(() => admin.CreateOrganizationAsync(_empty, Cancellation));
        await MakeAsync(() => admin.CreateUserAsync(name, cancellationToken: Cancellation));
        await admin.ResumeUserAsync(name, Cancellation);
        await admin.SetMemberAsync(organization, name, RoleName.Member, Cancellation);
        await MakeOneToLeaveAsync();
        _credential = (await admin.GenerateCredentialsAsync(organization, name, Cancellation)).Credentials.Metadata!.Id!;
        _platformCredential = (await admin.GenerateCredentialsAsync(null, name, Cancellation)).Credentials.Metadata!.Id!;
        await MakeAsync(() => admin.CreateEnvironmentAsync(organization, name, Cancellation));
        // Deleted, which one in use cannot be.
        await MakeAsync(() => admin.CreateEnvironmentAsync(organization, _spare, Cancellation));
        await MakeAsync(() => admin.CreateConnectionAsync(organization, new CreateConnectionRequest { Name = name, Kind = "kubernetes", Runner = name }, Cancellation));
        await admin.PutSecretAsync(organization, name, new PutSecretRequest { Value = "s" }, cancellationToken: Cancellation);
        await admin.PutVariableAsync(organization, name, "v", cancellationToken: Cancellation);
        await admin.SetDefaultConnectionAsync(organization, name, cancellationToken: Cancellation);
        await admin.SetDefaultRunnerAsync(organization, name, Cancellation);
        await admin.SetDefaultRunnerAsync(null, name, Cancellation);
        await MakeAsync(() => admin.CreateServiceAccountAsync(organization, name, cancellationToken: Cancellation));
        _accountKey = (await admin.CreateServiceAccountKeyAsync(organization, name, cancellationToken: Cancellation)).ApiKey.Id;
        _ownKey = (await admin.CreateApiKeyAsync(cancellationToken: Cancellation)).ApiKey.Id;
    }

    /// <summary>The request that the operation describes, with something else in one parameter or instead of its body.</summary>
    public HttpRequestMessage Request(
        DescribedOperation operation, string? parameter = null, string? hostile = null, byte[]? body = null, (string Type, string? Encoding)? content = null)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(operation.Method), operation.Address(named => named == parameter ? hostile : Value(operation, named)));
        if (body is null && (operation.Body is null || operation.Method is "GET" or "DELETE"))
            return request;
        request.Content = new ByteArrayContent(body ?? Body(operation));
        if (content is null)
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        else if (content.Value.Type.Length > 0)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", content.Value.Type);
        if (content?.Encoding is { } encoding)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return request;
    }

    /// <summary>The operation's body, with names for its placeholders.</summary>
    public byte[] Body(DescribedOperation operation) => Named(operation.Body!.ToJsonString());

    /// <summary>A body with names for its placeholders.</summary>
    public byte[] Named(string body) => Encoding.UTF8.GetBytes(body
        .Replace($"\"{DescribedOperation.Usual}\"", $"\"{name}\"", StringComparison.Ordinal)
        .Replace($"/{DescribedOperation.Usual}\"", $"/{name}\"", StringComparison.Ordinal)
        .Replace($"\"{DescribedOperation.Fresh}\"", $"\"{name}-{Interlocked.Increment(ref _fresh)}\"", StringComparison.Ordinal));

    // It has another owner; and once it was left, there is no way back.
    private async Task MakeOneToLeaveAsync()
    {
        if ((await admin.ListOrganizationsAsync(Cancellation)).Items.Any(organization => organization.Name == _left))
            return;
        _left = $"{name}-left-{Interlocked.Increment(ref _fresh)}";
        await MakeAsync(() => admin.CreateUserAsync(_heir, cancellationToken: Cancellation));
        await admin.CreateOrganizationAsync(_left, Cancellation);
        await admin.SetMemberAsync(_left, _heir, RoleName.Owner, Cancellation);
    }

    // A caller has at most 100 valid keys, and requests for keys that succeed use them up.
    private async Task RevokeKeysOfEarlierRequestsAsync()
    {
        var current = (await admin.GetCallerAsync(Cancellation)).ApiKeyId;
        foreach (var key in (await admin.ListApiKeysAsync(Cancellation)).Items.Where(key => key.Id != current && key.RevokedAt is null))
            await admin.RevokeApiKeyAsync(key.Id, Cancellation);
    }

    private static async Task MakeAsync(Func<Task> make)
    {
        try
        {
            await make();
        }
        catch (ApiException exception) when (exception.Problem.Code == ErrorCode.AlreadyExists)
        {
            // As it should be.
        }
    }

    // Null for a parameter of the query, which may be left out.
    private string? Value(DescribedOperation operation, string parameter) => (operation.Method, operation.Path, parameter) switch
    {
        ("DELETE", "/api/v1/organizations/{org}", "org") => _empty,
        ("DELETE", "/api/v1/me/organizations/{org}", "org") => _left,
        ("DELETE", "/api/v1/organizations/{org}/environments/{name}", "name") => _spare,
        ("DELETE", "/api/v1/me/api-keys/{id}", "id") => _ownKey,
        (_, "/api/v1/organizations/{org}/service-accounts/{name}/keys/{id}", "id") => _accountKey,
        (_, "/api/v1/platform/runners/{name}/credentials/{id}", "id") => _platformCredential,
        (_, "/api/v1/organizations/{org}/runners/{name}/credentials/{id}", "id") => _credential,
        (_, _, "org") => organization,
        _ => operation.InPath.Contains(parameter) ? name : null,
    };
}
