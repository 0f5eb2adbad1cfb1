using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.ApiKeys;

/// <summary>
/// Authenticates requests by <c>Authorization: Bearer pck_…</c>, and of WebSockets without that header by a subprotocol
/// (<see cref="WebSocketKey"/>). Nothing else is looked at: neither the query nor a cookie.
/// </summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ApiKeyVerifier verifier,
    AuthenticationFailures failures,
    IAuditLog audit) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string BearerPrefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        var (key, fault) = header.Count == 0 ? WebSocketKey.Read(Context) : OfHeader(header);
        if (fault is not null)
            return Refuse(fault);
        if (key is null)
        {
            Context.Features.Set(new CallerFeature(null, ApiKeyErrors.Missing));
            return AuthenticateResult.NoResult();
        }

        var verdict = await verifier.VerifyAsync(key, Context.RequestAborted).ConfigureAwait(false);
        if (verdict.Caller is not { } caller)
        {
            if (verdict.Known is { } known && failures.Note(known))
                await RecordAsync(known, verdict.Error!).ConfigureAwait(false);
            return Refuse(verdict.Error!);
        }

        Context.Features.Set(new CallerFeature(caller, null));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Id)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var error = Context.GetAuthenticationError() ?? ApiKeyErrors.Missing;
        Response.Headers.WWWAuthenticate = error == ApiKeyErrors.Missing
            ? "Bearer realm=\"planton\""
            : "Bearer realm=\"planton\", error=\"invalid_token\"";
        return Context.WriteErrorAsync(error);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.WriteErrorAsync(new Error(ErrorCode.PermissionDenied, "this is not allowed"));

    private static (string? Key, Error? Error) OfHeader(StringValues header) =>
        header is [{ } value] && value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? (value[BearerPrefix.Length..].Trim(), null)
            : (null, ApiKeyErrors.OtherScheme);

    private AuthenticateResult Refuse(Error error)
    {
        Context.Features.Set(new CallerFeature(null, error));
        return AuthenticateResult.Fail(error.Detail);
    }

    private Task RecordAsync(ApiKeyEntity key, Error error)
    {
        return audit.RecordAsync(
            new AuditEntry
            {
                OperationId = Context.GetOperationId(),
                Actor = AuthenticationFailures.ActorOf(key.Id, key.UserId, key.ServiceAccountId),
                Action = AuditAction.Authenticate,
                Resource = $"api-key/{key.Id}",
                Outcome = AuditOutcome.Denied,
                Code = error.Code,
                Detail = error.Detail,
                SourceAddress = Context.Connection.RemoteIpAddress?.ToString(),
            },
            Context.RequestAborted);
    }
}
