namespace Planton.Runner.Tests.Fixtures;

/// <summary>Tests that measure time or memory, after all others and one at a time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
