namespace Planton.EndToEnd.Tests.Installations;

/// <summary>Tests that measure time or memory: side by side they would measure each other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
