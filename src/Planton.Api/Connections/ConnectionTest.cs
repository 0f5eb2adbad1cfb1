namespace Planton.Api.Connections;

/// <summary>Answer of <c>POST …/connections/NAME/test</c>: how far a request got.</summary>
/// <param name="Ok">Whether every stage passed.</param>
/// <param name="Stages">In order; the last one is the one that failed when <paramref name="Ok"/> is false.</param>
public sealed record ConnectionTest(bool Ok, IReadOnlyList<ConnectionTestStage> Stages);
