using Planton.Api.Connections;
using Planton.Server.Errors;

namespace Planton.Server.Connections;

internal static class ConnectionRequestValidator
{
    /// <summary>Every fault of the request that can be seen without the database; null when there is none.</summary>
    public static Error? Validate(CreateConnectionRequest request)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (string.IsNullOrEmpty(request.Kind))
            faults.Add("kind", $"is missing: it must be {ConnectionKind.Kubernetes}");
        else if (request.Kind != ConnectionKind.Kubernetes)
            faults.Add("kind", $"must be {ConnectionKind.Kubernetes}");
        if (request.AuthMode == ConnectionAuthMode.Inline)
            faults.Add("authMode", $"{ConnectionAuthMode.Inline} is not supported yet; use {ConnectionAuthMode.Runner}");
        else if (request.AuthMode is not (null or ConnectionAuthMode.Runner))
            faults.Add("authMode", $"must be {ConnectionAuthMode.Runner}");
        if (request.Runner is not null)
            faults.NeedSlug("runner", request.Runner);
        if (request.Kubernetes?.Context is { } context)
            ValidateContext(faults, context);
        return faults.ToError();
    }

    // It travels to the runner in a header.
    private static void ValidateContext(FieldFaults faults, string context)
    {
        if (context.Length is 0 or > ConnectionMapping.MaxContextLength || context.Any(char.IsControl))
            faults.Add("kubernetes.context", $"must be 1 to {ConnectionMapping.MaxContextLength} characters, none of them a control character");
    }
}
