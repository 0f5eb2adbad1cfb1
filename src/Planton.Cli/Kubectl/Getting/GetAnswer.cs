using Planton.Cli.Data;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>What came of one target: the pages of a list or one object, and the error that ended it.</summary>
internal sealed record GetAnswer(GetTarget Target, IReadOnlyList<DataNode> Objects, KubernetesError? Error);
