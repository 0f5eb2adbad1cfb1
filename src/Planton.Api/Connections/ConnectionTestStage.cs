namespace Planton.Api.Connections;

/// <summary>One stage of a connection test.</summary>
/// <param name="Name">One of <see cref="ConnectionTestStageName"/>.</param>
/// <param name="Ok">Whether it passed.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">What was found, or what failed and how to mend it.</param>
/// <param name="Code">The error code when it failed.</param>
public sealed record ConnectionTestStage(string Name, bool Ok, double Milliseconds, string Detail, string? Code);
