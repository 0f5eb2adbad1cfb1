namespace Planton.SampleCluster.Tests.Kubectl;

public sealed class Kubectl135Tests(RunningSample sample) : KubectlWithWebSocketTests(sample, "kubectl-1.35");
