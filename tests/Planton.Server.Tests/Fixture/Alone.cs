namespace Planton.Server.Tests.Fixture;

/// <summary>Tests that see the whole process, such as its meters, in which other tests' servers would be counted too.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
