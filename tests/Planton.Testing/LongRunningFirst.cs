using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Planton.Testing;

/// <summary>
/// Starts the <see cref="LongRunningAttribute"/> classes of an assembly first, so that none of them runs alone at the end:
/// <c>[assembly: TestCollectionOrderer(typeof(LongRunningFirst))]</c>.
/// </summary>
public sealed class LongRunningFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var marked = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.IsDefined(typeof(TestCollectionOrdererAttribute)))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsDefined(typeof(LongRunningAttribute), inherit: true))
            .Select(type => type.FullName)
            .ToHashSet();
        // The collection of a class has no other trace of it than "Test collection for NAME (id: …)".
        return [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.Split(' ').Any(marked.Contains) ? 0 : 1)];
    }
}
