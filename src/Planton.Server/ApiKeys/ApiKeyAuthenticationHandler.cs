using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.ApiKeys;

/// <summary>Authenticates requests by <c>Authorization: Bearer pck_…</c>.</summary>
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
        if (header.Count == 0)
        {
            Context.Features.Set(new CallerFeature(null, ApiKeyErrors.Missing));
            return AuthenticateResult.NoResult();
        }

        if (header.Count > 1 || header[0] is not { } value || !value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
            return Refuse(ApiKeyErrors.OtherScheme);
        var source = AuthenticationFailures.SourceOf(Context.Connection.RemoteIpAddress);
        var text = value[BearerPrefix.Length..].Trim();
        var verdict = await failures.RefuseAsync(text, source, Context.RequestAborted).ConfigureAwait(false)
            ?? await verifier.VerifyAsync(text, Context.RequestAborted).ConfigureAwait(false);
        if (verdict.Caller is not { } caller)
        {
            var limited = failures.Note(source, verdict);
            if (verdict.Known is { } key)
                await RecordAsync(key, verdict.Error!).ConfigureAwait(false);
            return Refuse(limited ?? verdict.Error!);
        }

        Context.Features.Set(new CallerFeature(caller, null));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Id)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var error = Context.GetAuthenticationError() ?? ApiKeyErrors.Missing;
        if (error.Code == ErrorCode.Unauthenticated)
        {
            Response.Headers.WWWAuthenticate = error == ApiKeyErrors.Missing
                ? "Bearer realm=\"planton\""
                : "Bearer realm=\"planton\", error=\"invalid_token\"";
        }

        return Context.WriteErrorAsync(error);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.WriteErrorAsync(new Error(ErrorCode.PermissionDenied, "this is not allowed"));

    private AuthenticateResult Refuse(Error error)
    {
        Context.Features.Set(new CallerFeature(null, error));
        return AuthenticateResult.Fail(error.Detail);
    }

    // Named by the key that was presented, which is all that is known: its holder was not proved to be its owner.
    private static AuditActor ActorOf(ApiKeyEntity key) =>
        new(key.UserId is null ? CallerKind.ServiceAccount : CallerKind.User, key.UserId ?? key.ServiceAccountId ?? "", $"holder of key {key.Id}", key.Id);

    private Task RecordAsync(ApiKeyEntity key, Error error)
    {
        return audit.RecordAsync(
            new AuditEntry
            {
                OperationId = Context.GetOperationId(),
                Actor = ActorOf(key),
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
