using Planton.Server.Errors;

namespace Planton.Server.Authorization;

/// <summary>What authentication found out about a request: a caller, or why there is none.</summary>
internal sealed record CallerFeature(CallerIdentity? Caller, Error? Error);
