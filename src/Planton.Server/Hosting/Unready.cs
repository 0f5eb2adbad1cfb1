namespace Planton.Server.Hosting;

/// <summary>Why the server cannot do its work.</summary>
/// <param name="Reason">A clause for anybody: without secrets, addresses and paths.</param>
/// <param name="Cause">For the log alone.</param>
internal sealed record Unready(string Reason, Exception? Cause = null);
