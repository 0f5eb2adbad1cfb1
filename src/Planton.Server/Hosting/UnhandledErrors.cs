using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Errors;

namespace Planton.Server.Hosting;

/// <summary>Turns what nobody expected into an answer that gives nothing away, and one log entry that gives everything.</summary>
internal sealed partial class UnhandledErrors(RequestDelegate next, ILogger<UnhandledErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to answer.
        }
        catch (BadHttpRequestException exception)
        {
            if (!TryReset(context))
                throw;
            await context.WriteErrorAsync(new Error(ErrorCode.InvalidArgument, exception.Message)).ConfigureAwait(false);
        }
        catch (AuditBacklogException exception) when (TryReset(context))
        {
            await context.WriteErrorAsync(exception.Error).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogUnhandled(exception, context.Request.Method, AuditText.Clean(context.Request.Path), context.GetOperationId());
            if (!TryReset(context))
            {
                // Half an answer must not look like a whole one.
                context.Abort();
                return;
            }

            await context.WriteErrorAsync(new Error(
                ErrorCode.Internal,
                "the control plane failed to do this; it is not known how far it got",
                $"Its log says why, under operation {context.GetOperationId()}.")).ConfigureAwait(false);
        }
    }

    private static bool TryReset(HttpContext context)
    {
        if (context.Response.HasStarted)
            return false;
        context.Response.Clear();
        context.Response.Headers[OperationId.HeaderName] = context.GetOperationId();
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (operation {OperationId})")]
    private partial void LogUnhandled(Exception exception, string method, string path, string operationId);
}
