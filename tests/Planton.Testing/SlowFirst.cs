using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Planton.Testing;

/// <summary>
/// Starts the classes marked <c>[Trait("Category", "Slow")]</c> first, so that none of them runs alone at the end:
/// <c>[assembly: TestCollectionOrderer(typeof(SlowFirst))]</c>.
/// </summary>
public sealed class SlowFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var slow = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.IsDefined(typeof(TestCollectionOrdererAttribute)))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetCustomAttributes<TraitAttribute>().Any(trait => trait is { Name: "Category", Value: "Slow" }))
            .Select(type => type.FullName)
            .ToHashSet();
        // The collection of a class names it in "Test collection for NAME (id: …)" and nowhere else.
        return [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.Split(' ').Any(slow.Contains) ? 0 : 1)];
    }
}
